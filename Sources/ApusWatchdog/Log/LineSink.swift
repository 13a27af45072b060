package import ApusIO
import ApusTelemetry
import Glibc

/// A descriptor to which whole lines go, several at a time. It belongs to its loop.
///
/// A loop must not wait for a reader of logs who does not read: lines that find no room are lost and counted.
package final class LineSink {
  private let descriptor: CInt
  private let loop: Loop
  private var waiting: [UInt8] = []
  private var timer: Timer?
  private var time = LineTime()
  /// The last write found no room, so the next one does not wait.
  private var isStuck = false
  package private(set) var lostLines: UInt64 = 0

  /// pipe(7): as many bytes are written in one piece.
  private static let atomicBytes = 4096
  /// How long a line waits for company.
  private static let pause: Duration = .milliseconds(5)
  /// What a reader that is merely slow is given, once.
  private static let patienceMilliseconds: CInt = 50

  package init(_ descriptor: CInt, on loop: Loop) {
    self.descriptor = descriptor
    self.loop = loop
  }

  /// `2026/11/21 10:00:00 `, now.
  var now: [UInt8] { time.bytes() }

  /// Adds a line, to which its newline is added.
  func write(_ parts: UnsafeRawBufferPointer...) {
    let count = parts.reduce(1) { $0 + $1.count }
    if !waiting.isEmpty, waiting.count + count > Self.atomicBytes { flush() }
    for part in parts { waiting.append(contentsOf: part) }
    waiting.append(UInt8(ascii: "\n"))
    if waiting.count >= Self.atomicBytes { return flush() }
    let timer = timer ?? Timer { [unowned self] in flush() }
    if self.timer == nil || waiting.count == count { loop.set(timer, to: .now() + Self.pause) }
    self.timer = timer
  }

  func write(_ line: [UInt8]) {
    line.withUnsafeBytes { write($0) }
  }

  /// A log whose lines keep their place among those of programs.
  func log(_ level: LogLevel, isColourRefused: Bool) -> Log {
    let this = LoopBound(self, to: loop)
    let sink: LogDestination.Sink = { line in
      // It brings its newline along.
      this.value.write(UnsafeRawBufferPointer(rebasing: line.dropLast()))
    }
    let destination = LogDestination(
      level: level, format: .suiting(descriptor, isColourRefused: isColourRefused), sink: sink)
    return Log(destination)
  }

  /// Writes what waits, now.
  package func flush() {
    guard !waiting.isEmpty else { return }
    if let timer { loop.set(timer, to: .never) }
    defer { waiting.removeAll(keepingCapacity: waiting.capacity <= 2 * Self.atomicBytes) }
    guard hasRoom() else { return lose() }
    var sent = 0
    while sent < waiting.count {
      let count = waiting.withUnsafeBytes { bytes in
        Glibc.write(descriptor, bytes.baseAddress.map { $0 + sent }, min(bytes.count - sent, Self.atomicBytes))
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return lose() }
      sent += count
      if sent < waiting.count, !hasRoom() { return lose() }
    }
  }

  private func lose() {
    lostLines += UInt64(waiting.count { $0 == UInt8(ascii: "\n") })
  }

  /// A pipe that poll(2) calls writable takes PIPE_BUF bytes without waiting.
  private func hasRoom() -> Bool {
    var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    let hasRoom = poll(&entry, 1, isStuck ? 0 : Self.patienceMilliseconds) != 0
    isStuck = !hasRoom
    return hasRoom
  }

  deinit {
    if let timer { loop.remove(timer) }
  }
}
