import ApusDeployment
import ApusIO
import ApusLauncher
import ApusLogs
import Glibc

/// One replica as a process, from its birth to its end. It belongs to the provider's loop.
final class ReplicaProcess {
  private let loop: Loop
  let entrance: ReplicaEntrance
  /// Held open as long as the replica lives, so that no connection is refused before it accepts; nil if the replica
  /// listens by itself.
  private let socket: Descriptor?
  private let child: ChildProcess
  /// Nil where it has none.
  private let group: ReplicaGroup?
  private let held: [any Sendable]
  private let word: Stream
  private let streams: [Stream]
  /// Standard output, then standard error.
  private var outputs: [ReplicaOutput]
  private var isReady = false
  private var wasAskedToEnd = false
  /// It was asked so early that it may not have heard it.
  private var wasDeaf = false
  /// For one that does not say by itself that it is ready.
  private let health: HealthPoll?
  private var meter = ProcessorMeter(now: .now())
  /// From the order to start it until its program was loaded.
  var loadTime = Duration.zero
  private var openStreams = 2
  private var lastStreamEnded: UnsafeContinuation<Void, Never>?
  /// Ends one that can't become ready any more.
  private var endOfSilence: Timer?

  /// What a replica wrote before its end is read to the end, unless something that it started keeps the pipe open.
  private static let outputGrace: Duration = .milliseconds(200)
  /// One that will never be ready is about to end, and how it does is worth knowing.
  private static let silenceGrace: Duration = .milliseconds(200)

  /// It ends with the thread that started it.
  static let deathSignal = SIGKILL

  /// Starts `plan`'s program, to which descriptors are added; `held` lives as long as it does. The calling thread waits
  /// until it is loaded.
  init(
    _ plan: ChildProcess.Plan, in group: ReplicaGroup?, _ spare: SpareWorld?, holding held: [any Sendable],
    entrance: ReplicaEntrance, outputs: [ReplicaOutput], on loop: Loop
  ) throws {
    self.loop = loop
    self.group = group
    self.held = held
    self.outputs = outputs
    self.entrance = entrance
    let word = try Pipe(nonBlocking: false)
    let normal = try Pipe(nonBlocking: false)
    let errors = try Pipe(nonBlocking: false)
    let nothing = try ReplicaProcess.openNothing()
    var plan = plan
    plan.descriptors = [0: nothing.raw, 1: normal.writing.raw, 2: errors.writing.raw]
    switch entrance {
    case .socket:
      let socket = try Listener.bind(entrance.address)
      (plan.descriptors[3], plan.descriptors[4]) = (socket.raw, word.writing.raw)
      plan.tellsListenPID = true
      self.socket = consume socket
      health = nil
    case .port:
      socket = nil
      health = HealthPoll(entrance.address, on: loop)
    }
    plan.deathSignal = ReplicaProcess.deathSignal
    self.word = try ReplicaProcess.stream(word.reading.raw, on: loop)
    streams = [
      try ReplicaProcess.stream(normal.reading.raw, on: loop), try ReplicaProcess.stream(errors.reading.raw, on: loop),
    ]
    child = try ReplicaProcess.spawn(plan, in: group, spare)
  }

  /// What fails in a world made ahead is tried in one made for it, and then has the error that people know.
  private static func spawn(
    _ plan: ChildProcess.Plan, in group: ReplicaGroup?, _ spare: SpareWorld?
  ) throws(SystemError) -> ChildProcess {
    if let spare, let child = try? spare.start(plan) { return child }
    guard let group else { return try ChildProcess.spawn(plan) }
    return try ChildProcess.spawn(plan, in: group.cgroup)
  }

  private static func openNothing() throws(SystemError) -> Descriptor {
    let raw = open("/dev/null", O_RDONLY | O_CLOEXEC)
    guard raw >= 0 else { throw SystemError(errno, "open", "/dev/null") }
    return Descriptor(owning: raw)
  }

  /// A stream over a copy, as the pipe's own ends close with it.
  private static func stream(_ raw: CInt, on loop: Loop) throws(SystemError) -> Stream {
    let copy = fcntl(raw, F_DUPFD_CLOEXEC, 3)
    guard copy >= 0 else { throw SystemError(errno, "copy a pipe's end") }
    let descriptor = Descriptor(owning: copy)
    try descriptor.setNonBlocking()
    return try Stream(descriptor, on: loop)
  }

  // MARK: - Life

  /// Follows it to its end.
  func run(_ report: @escaping @Sendable (ReplicaReport) -> Void) async -> ReplicaExit {
    let this = LoopBound(self, to: loop)
    for index in streams.indices {
      loop.spawn { await this.value.pump(index) }
    }
    loop.spawn { await this.value.waitUntilReady(report) }
    let ended = try? await child.wait(on: loop)
    word.close()
    health?.stop()
    if let endOfSilence { loop.remove(endOfSilence) }
    if openStreams > 0 { await finishOutput() }
    if case .socket(let path) = entrance { unlink(path) }
    let exit = ended.map { group?.cgroup.explain($0) ?? $0 }
    var end = ReplicaExit(cause: cause(exit), lastLines: outputs[1].crashTail.lines.joined(separator: "\n"))
    end.isOutOfMemory = exit?.exceededMemory != nil
    end.isOrderly = isReady && wasAskedToEnd && exit?.isSuccess == true
    end.lack = isReady ? nil : health?.lack
    return end
  }

  private func cause(_ exit: ChildProcess.Exit?) -> String {
    let how = exit.map { "\($0)" } ?? "an unknown status"
    if exit?.exceededMemory != nil { return isReady ? how : "\(how) before it was ready" }
    return isReady ? "ended with \(how)" : "ended before it was ready, with \(how)"
  }

  /// Asks it to end in order.
  func terminate() {
    wasAskedToEnd = true
    wasDeaf = !isReady && !child.hears(SIGTERM)
    child.send(SIGTERM)
  }

  /// Ends it with all that it started, which may have left its process group but not its cgroup.
  func kill() {
    health?.stop()
    group?.cgroup.kill()
    child.sendToGroup(SIGKILL)
  }

  private func waitUntilReady(_ report: @escaping @Sendable (ReplicaReport) -> Void) async {
    guard let health else { return await waitForWord(report) }
    guard await health.untilHealthy() else { return }
    becameReady(report)
  }

  private func becameReady(_ report: @Sendable (ReplicaReport) -> Void) {
    isReady = true
    // Only then: of what hears it twice the second one means at once.
    if wasDeaf { child.send(SIGTERM) }
    report(.ready(entrance.address, loadTime: loadTime))
  }

  /// What all its processes use.
  func measure() -> ReplicaUsage {
    let counted = group?.cgroup.usage()
    var family = ProcessUsage()
    if counted?.memory == nil || counted?.processorTime == nil { family = ProcessUsage(familyOf: child.pid) }
    let time = counted?.processorTime ?? family.processorTime
    return ReplicaUsage(milliCPU: meter.milliCPU(used: time, now: .now()), memory: counted?.memory ?? family.memory)
  }

  /// One byte `R` says that it is ready; an end without it, that it never will be.
  private func waitForWord(_ report: @escaping @Sendable (ReplicaReport) -> Void) async {
    var byte: UInt8 = 0
    do throws(IOError) {
      while true {
        let count = try withUnsafeMutableBytes(of: &byte) { bytes throws(IOError) in try word.tryRead(into: bytes) }
        guard let count else {
          try await word.readable()
          continue
        }
        guard count == 1, byte == UInt8(ascii: "R") else { break }
        word.close()
        return becameReady(report)
      }
    } catch {
      // Closed with the replica's end.
      return
    }
    let timer = Timer { [weak self] in self?.kill() }
    endOfSilence = timer
    loop.set(timer, to: .now() + ReplicaProcess.silenceGrace)
  }

  // MARK: - Output

  private func pump(_ index: Int) async {
    let stream = streams[index]
    let size = 16_384
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 1)
    defer { memory.deallocate() }
    do throws(IOError) {
      while true {
        let count = try await stream.read(into: memory)
        if count == 0 { break }
        outputs[index].take(UnsafeRawBufferPointer(rebasing: memory[..<count]))
      }
    } catch {
      // Closed after its end: what a process that it left behind still writes is nobody's.
    }
    stream.close()
    outputs[index].finish()
    openStreams -= 1
    if openStreams == 0 {
      lastStreamEnded?.resume()
      lastStreamEnded = nil
    }
  }

  private func finishOutput() async {
    let limit = Timer { [streams] in
      for stream in streams { stream.close() }
    }
    loop.set(limit, to: .now() + ReplicaProcess.outputGrace)
    await withUnsafeContinuation { lastStreamEnded = $0 }
    loop.remove(limit)
  }
}
