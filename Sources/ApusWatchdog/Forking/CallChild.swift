import ApusHTTP
import ApusIO
import ApusLauncher
import Glibc

/// A program that runs for one call, with its pipes. It belongs to its loop.
final class CallChild: HangUpObserver {
  /// What the program reads.
  enum Input {
    /// A descriptor of /dev/null.
    case nothing(CInt)
    /// As much as a pipe holds, at most.
    case whole(UnsafeRawBufferPointer)
    case stream
  }

  /// Why it was ended before its time.
  enum Interruption {
    case late
    case callerLeft
    case wroteTooMuch
  }

  /// Where the body goes; nil unless it is streamed.
  let input: Stream?
  private(set) var interruption: Interruption?
  /// How it ended; nil while it runs.
  private(set) var exit: ChildProcess.Exit?

  private let loop: Loop
  private let child: ChildProcess
  private let output: Stream
  private let errors: Stream
  private let family: OwnChildren
  private var lines: OutputLines
  private var deadline = Instant.never
  private var timer: Timer?
  /// The program, and the reading of what it says on standard error.
  private var running = 2
  private var ended: UnsafeContinuation<Void, Never>?

  /// A page is what every pipe holds, even that of a user who has very many (pipe(7), pipe-user-pages-soft).
  static let wholeBytes = 4096

  /// Starts it; `lines` takes what it says on standard error.
  init(
    _ plan: ChildProcess.Plan, _ given: Input, saying lines: OutputLines, among family: OwnChildren, on loop: Loop
  ) throws(SystemError) {
    self.loop = loop
    self.family = family
    self.lines = lines
    let normal = try Pipe(nonBlocking: false)
    let failing = try Pipe(nonBlocking: false)
    var plan = plan
    plan.descriptors = [1: normal.writing.raw, 2: failing.writing.raw]
    switch given {
    case .nothing(let descriptor):
      plan.descriptors[0] = descriptor
      input = nil
      child = try ChildProcess.spawn(plan)
    case .whole(let bytes):
      // Before there is a reader: the pipe holds it all, and its end.
      let fed = try Pipe(nonBlocking: false)
      _ = Glibc.write(fed.writing.raw, bytes.baseAddress, bytes.count)
      plan.descriptors[0] = fed.reading.raw
      input = nil
      child = try ChildProcess.spawn(plan)
    case .stream:
      let fed = try Pipe(nonBlocking: false)
      plan.descriptors[0] = fed.reading.raw
      child = try ChildProcess.spawn(plan)
      input = try fed.writer(on: loop)
    }
    family.add(child.pid)
    output = try normal.reader(on: loop)
    errors = try failing.reader(on: loop)
  }

  /// Begins to follow it; at `deadline` it is killed with all that it started.
  func begin(until deadline: Instant) {
    self.deadline = deadline
    let timer = Timer { [weak self] in self?.interrupt(.late) }
    self.timer = timer
    loop.set(timer, to: deadline)
    let this = LoopBound(self, to: loop)
    loop.spawn { await this.value.follow() }
    loop.spawn { await this.value.listen() }
  }

  private func follow() async {
    exit = try? await child.wait(on: loop)
    family.remove(child.pid)
    input?.close()
    if let timer { loop.remove(timer) }
    // What it wrote is there already; only something that it left behind can make us wait.
    let limit = loop.now + WatchdogLimits.outputGrace
    output.setDeadline(limit, for: .read)
    errors.setDeadline(limit, for: .read)
    endPart()
  }

  private func listen() async {
    await lines.pump(errors)
    errors.close()
    endPart()
  }

  private func endPart() {
    running -= 1
    guard running == 0 else { return }
    ended?.resume()
    ended = nil
  }

  /// Returns when it has ended and all that it said has been heard.
  func untilEnded() async {
    if running > 0 { await withUnsafeContinuation { ended = $0 } }
    output.close()
  }

  /// The next bytes of its standard output; 0 at the end.
  func read(into memory: UnsafeMutableRawBufferPointer) async -> Int {
    do throws(IOError) {
      return try await output.read(into: memory)
    } catch {
      return 0
    }
  }

  /// Ends it and all that it started.
  func interrupt(_ why: Interruption) {
    guard exit == nil else { return }
    interruption = interruption ?? why
    child.sendToGroup(SIGKILL)
  }

  /// The caller has left: it may clean up, but not for long, and nobody reads any more what it writes.
  func abandon() {
    guard exit == nil, interruption == nil else { return }
    // Nobody takes the answer because the call's time is over.
    if loop.now >= deadline { return interrupt(.late) }
    interruption = .callerLeft
    child.sendToGroup(SIGTERM)
    input?.close()
    output.close()
    if let timer { loop.set(timer, to: min(deadline, loop.now + WatchdogLimits.leftTime)) }
  }

  func peerDidHangUp() {
    abandon()
  }
}

extension ChildProcess.Exit {
  /// As of-watchdog's language says it.
  var contractText: String {
    switch cause {
    case .status(let status): "exit status \(status)"
    case .signal(let signal, _): "signal: \(String(cString: strsignal(signal)).lowercased())"
    }
  }
}
