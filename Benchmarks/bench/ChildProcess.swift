import Glibc

/// A process we started, which ends no later than this value does.
struct ChildProcess: ~Copyable {
  let pid: pid_t
  let launch: Launch
  /// Compilers get SIGTERM and a second to end their own children; servers have none to care for.
  private let endsGently: Bool
  private var status: Int32?

  init(_ prepared: borrowing PreparedLaunch, endsGently: Bool = false) throws(BenchError) {
    pid = try prepared.start()
    launch = prepared.launch
    self.endsGently = endsGently
    status = nil
  }

  init(_ launch: Launch, endsGently: Bool = false) throws(BenchError) {
    try self.init(PreparedLaunch(launch), endsGently: endsGently)
  }

  deinit {
    guard status == nil else { return }
    if endsGently {
      kill(pid, SIGTERM)
      for _ in 0..<100 {
        if waitpid(pid, nil, WNOHANG) == pid { return }
        usleep(10_000)
      }
    }
    kill(pid, SIGKILL)
    while waitpid(pid, nil, 0) < 0 && errno == EINTR {}
  }

  /// How it ended ("exit status 0"), or nil while it runs.
  mutating func ending() -> String? {
    if status == nil {
      var value: Int32 = 0
      if waitpid(pid, &value, WNOHANG) == pid { status = value }
    }
    guard let status else { return nil }
    // wait(2): the low seven bits are the signal, the next byte is the exit status.
    return status & 0x7f == 0 ? "exit status \(status >> 8 & 0xff)" : "signal \(status & 0x7f)"
  }

  /// Throws if it is gone, with the last line it wrote.
  mutating func checkAlive() throws(BenchError) {
    try BenchError.checkInterruption()
    guard let ending = ending() else { return }
    let last = try text(of: launch.output).split(separator: "\n").last.map { ": \($0.prefix(200))" } ?? ""
    throw .failed("\(launch.name) ended with \(ending) without answering\(last)")
  }

  /// Runs a command to its end and returns what it wrote; `meanwhile` is called every 5 ms or so.
  static func output(
    of launch: Launch, secondsAtMost: Int, meanwhile: () throws(BenchError) -> Void = {}
  ) throws(BenchError) -> String {
    var child = try ChildProcess(launch, endsGently: true)
    let deadline = Clock.now() + Int64(secondsAtMost) * 1_000_000_000
    while true {
      if let ending = child.ending() {
        let written = try text(of: launch.output)
        guard ending == "exit status 0" else {
          throw .failed("\(launch.name) ended with \(ending):\n\(written.suffix(2000))")
        }
        return written
      }
      guard Clock.now() < deadline else { throw .failed("\(launch.name) took more than \(secondsAtMost) s") }
      try meanwhile()
      try Clock.pause(microseconds: 5000)
    }
  }
}
