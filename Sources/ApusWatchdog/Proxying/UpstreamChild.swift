import ApusIO
import ApusLauncher
import Glibc

/// One life of the program of http mode, from its start to its end. It belongs to its loop.
final class UpstreamChild {
  private let loop: Loop
  private let child: ChildProcess
  /// Left open: some programs end when their input does.
  private let input: Descriptor
  private let streams: [Stream]
  private var lines: [OutputLines]
  private var pumping = 2
  private var pumped: UnsafeContinuation<Void, Never>?

  /// `lines` take what it says, on its standard output and its standard error.
  init(_ plan: ChildProcess.Plan, saying lines: [OutputLines], on loop: Loop) throws(SystemError) {
    self.loop = loop
    self.lines = lines
    let fed = try Pipe(nonBlocking: false)
    let normal = try Pipe(nonBlocking: false)
    let failing = try Pipe(nonBlocking: false)
    var plan = plan
    plan.descriptors = [0: fed.reading.raw, 1: normal.writing.raw, 2: failing.writing.raw]
    plan.deathSignal = SIGKILL
    child = try ChildProcess.spawn(plan)
    input = fed.takeWriting()
    streams = [try normal.reader(on: loop), try failing.reader(on: loop)]
  }

  var pid: CInt { child.pid }

  /// Follows it to its end; nil if that can't be told.
  func untilEnd() async -> ChildProcess.Exit? {
    let this = LoopBound(self, to: loop)
    for index in streams.indices { loop.spawn { await this.value.pump(index) } }
    let exit = try? await child.wait(on: loop)
    // What it wrote is there already; only something that it left behind can make us wait.
    for stream in streams { stream.setDeadline(loop.now + WatchdogLimits.outputGrace, for: .read) }
    if pumping > 0 { await withUnsafeContinuation { pumped = $0 } }
    return exit
  }

  private func pump(_ index: Int) async {
    // Moved out, so that nobody else touches it while it waits.
    var mine = lines[index]
    await mine.pump(streams[index])
    streams[index].close()
    pumping -= 1
    guard pumping == 0 else { return }
    pumped?.resume()
    pumped = nil
  }

  func send(_ signal: CInt) {
    child.sendToGroup(signal)
  }
}
