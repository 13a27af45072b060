package import ApusIO

/// One pipe of one replica on its way into the log. Owned by whoever reads the pipe, on its loop.
package struct ReplicaOutput: Sendable {
  private let ring: LogRing
  private let instance: [UInt8]
  private let stream: LogStream
  private var splitter: LineSplitter
  /// The last lines, of standard error only.
  package private(set) var crashTail: CrashTail

  package init(_ ring: LogRing, instance: String, stream: LogStream) {
    self.ring = ring
    self.instance = Array(instance.utf8)
    self.stream = stream
    splitter = LineSplitter(limits: ring.limits)
    crashTail = CrashTail(limits: ring.limits)
  }

  /// What a read of the pipe gave. All its lines get the time `now`.
  package mutating func take(_ bytes: UnsafeRawBufferPointer, now: WallClock = .now()) {
    splitter.take(bytes) { line in
      ring.append(line, instance: instance, stream: stream, nanoseconds: now.sinceEpoch)
      if stream == .stderr { crashTail.keep(line.text) }
    }
  }

  /// The pipe has ended; a line without a newline counts.
  package mutating func finish(now: WallClock = .now()) {
    splitter.finish { line in
      ring.append(line, instance: instance, stream: stream, nanoseconds: now.sinceEpoch)
      if stream == .stderr { crashTail.keep(line.text) }
    }
  }
}
