import Glibc

/// A call of a function that sleeps, through the real gateway; and what a start alone costs beside a Go program's.
struct ColdBenchmark {
  let workbench: Workbench

  static let spawn = "spawn"
  static let call = "call"
  /// In turn, so that no call meets what the one before left running.
  private static let functions = 8
  /// The machine is at rest when a function is called: what the last replica left has been cleared away.
  private static let rest = 60_000

  private var startsAtAll: Int { workbench.options.isQuick ? 40 : 500 }
  private var starts: Int { max(10, startsAtAll / workbench.options.rounds) }

  func run() throws(BenchError) -> Report {
    var report = Report(
      .cold, title: "a call of a sleeping function to its first byte, \(starts) a round; p99 over all rounds",
      columns: [
        Report.Column(metric: "p50_ms", title: "p50 ms", decimals: 3),
        Report.Column(metric: "p99_ms", title: "p99 ms", decimals: 3),
        Report.Column(metric: "spawn_ms", title: "until loaded", decimals: 3),
        Report.Column(metric: "ready_ms", title: "until ready", decimals: 3),
        Report.Column(metric: "warm_ms", title: "warm call", decimals: 3),
      ],
      ratios: [Report.Ratio(metric: "p50_ms", title: "p50 x Go", peer: Servers.go)])
    var times: [RunningGateway.Isolation: [Double]] = [:]
    var failed: Set<RunningGateway.Isolation> = []
    for _ in 0..<workbench.options.rounds {
      for isolation in RunningGateway.Isolation.allCases where !failed.contains(isolation) {
        let round = try workbench.attempt { () throws(BenchError) in try self.round(isolation) }
        guard let round else {
          failed.insert(isolation)
          continue
        }
        times[isolation, default: []] += round.times
        report.add(round.figures, subject: Self.subject(isolation), group: Self.call)
      }
      if let starts = try workbench.attempt(startsAlone) {
        for (subject, figures) in starts { report.add(figures, subject: subject, group: Self.spawn) }
      }
    }
    for (isolation, times) in times {
      // One p99 of all: a round has too few for one of its own.
      if let p99 = percentile(0.99, of: times) {
        report.add(["p99_ms": p99], subject: Self.subject(isolation), group: Self.call)
      }
    }
    return report
  }

  private static func subject(_ isolation: RunningGateway.Isolation) -> String {
    isolation == .isolated ? RunningGateway.program : "\(RunningGateway.program) --no-isolation"
  }

  private func round(
    _ isolation: RunningGateway.Isolation
  ) throws(BenchError) -> (times: [Double], figures: [String: Double]) {
    let gateway = try RunningGateway(workbench, isolation)
    let names = (0..<Self.functions).map { "cold-\($0)" }
    for name in names { try gateway.deploy(name) }
    let caller = try GatewayConnection(port: gateway.port)
    var times: [Double] = []
    var warm: [Double] = []
    // Three that do not count, as everywhere.
    for index in -3..<starts {
      let name = names[(index + 3) % names.count]
      let cold = try Self.call(name, on: caller)
      let again = try Self.call(name, on: caller)
      try gateway.sleep(name)
      try Clock.pause(microseconds: Self.rest)
      guard index >= 0 else { continue }
      times.append(cold)
      warm.append(again)
    }
    let figures = [
      "p50_ms": percentile(0.5, of: times), "warm_ms": percentile(0.5, of: warm),
      "spawn_ms": percentile(0.5, of: try gateway.logged("loadSeconds", in: "replica ready")).map { $0 * 1000 },
      "ready_ms": percentile(0.5, of: try gateway.logged("seconds", in: "replica ready")).map { $0 * 1000 },
    ]
    return (times, figures.compactMapValues { $0 })
  }

  private static func call(_ name: String, on caller: borrowing GatewayConnection) throws(BenchError) -> Double {
    let began = Clock.now()
    let answer = try caller.ask("GET", "/function/\(name)")
    guard answer.status == 200 else { throw .failed("\(name) was answered \(answer.status): \(answer.body)") }
    return Double(answer.began - began) / 1e6
  }

  // MARK: - Starts alone

  /// From spawn to the first byte, on a socket handed over: `hello` as the gateway starts it, and without isolation;
  /// and a Go server without isolation. In turn, by the launcher itself, which prints what it measured.
  private func startsAlone() throws(BenchError) -> [(String, [String: Double])] {
    let launcher = workbench.options.launcherPath
    guard access(launcher, X_OK) == 0 else { throw .missing("\(launcher) is not built, so no starts alone") }
    let hello = try Servers(workbench: workbench).helloPath()
    let folder = "\(workbench.folder)/starts"
    try makeFolders(folder)
    try copy(hello, to: "\(folder)/hello")
    try copy(workbench.peers.goServer(), to: "\(folder)/go")
    let output = try ChildProcess.output(
      of: Launch(
        name: "isolation-launcher", path: launcher,
        arguments: ["compare", folder, "hello", "go", "\(starts)"], output: "\(folder)/log"),
      secondsAtMost: 120)
    let subjects = ["isolated": "hello, isolated", "bare": "hello", "peer": Servers.go]
    var results: [(String, [String: Double])] = []
    for line in output.split(separator: "\n") {
      // NAME p50 p99 spawned, the times in milliseconds.
      let words = line.split(separator: " ").map(String.init)
      guard words.count == 4, let subject = subjects[words[0]], let p50 = Double(words[1]),
        let p99 = Double(words[2]), let spawned = Double(words[3])
      else { continue }
      results.append((subject, ["p50_ms": p50, "p99_ms": p99, "spawn_ms": spawned]))
    }
    guard results.count == subjects.count else { throw .failed("isolation-launcher printed\n\(output)") }
    return results
  }

  private func copy(_ path: String, to target: String) throws(BenchError) {
    guard access(target, X_OK) != 0 else { return }
    let content = try bytes(of: path)
    try write(content, to: target)
    guard chmod(target, 0o755) == 0 else { throw .system("cannot make \(target) a program") }
  }
}
