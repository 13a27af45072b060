import Glibc

/// Any program as a function: http mode beside a Go proxy, a program for each call beside bare posix_spawn.
struct WatchdogBenchmark {
  let workbench: Workbench

  static let ours = "apus-watchdog"
  static let spawn = "posix_spawn"
  private static let program = "/bin/cat"

  func run() throws(BenchError) -> Report {
    var report = Report(
      .watchdog,
      title: "http: a constant C server behind it, 64 connections; streaming: /bin/cat for each call, 8 connections;"
        + " one processor",
      columns: LoadMeasurement.columns,
      ratios: LoadMeasurement.ratios(against: ProxyBenchmark.goOne, named: "Go")
        + [Report.Ratio(metric: "requests_per_s", title: "calls/s x bare", peer: Self.spawn)])
    guard let wrk = try workbench.attempt({ () throws(BenchError) in try Wrk(workbench: workbench) }) else {
      return report
    }
    for _ in 0..<workbench.options.rounds {
      try http(wrk, into: &report)
      try streaming(wrk, into: &report)
    }
    return report
  }

  // MARK: - http

  private func http(_ wrk: Wrk, into report: inout Report) throws(BenchError) {
    guard let constant = try workbench.attempt(Servers(workbench: workbench).constantServer) else { return }
    let proxies = ProxyBenchmark(workbench: workbench)
    let makers: [(String, (UInt16) throws(BenchError) -> Subject)] = [
      (Self.ours, { upstream throws(BenchError) in try http(upstream: upstream) }),
      (
        ProxyBenchmark.goOne,
        { upstream throws(BenchError) in try proxies.goProxy(upstream: upstream, idle: 128, isOne: true) }
      ),
    ]
    for (name, make) in makers {
      let figures = try workbench.attempt { () throws(BenchError) in
        let upstream = try RunningServer.start(constant, processors: workbench.loadProcessors)
        let proxy = try RunningServer.start(make(upstream.port), processors: workbench.serverProcessors)
        let target = Wrk.Target(name: name, port: proxy.port)
        // Each by itself: what the watchdog has started only sleeps.
        return try LoadMeasurement.figures(of: target, connections: 64, wrk: wrk) { () throws(BenchError) in
          try proxy.ownFigures
        }
      }
      if let figures { report.add(figures, subject: name, group: "http") }
    }
  }

  /// The program that it starts does nothing: what it passes calls to runs on the processor that the proxies' does.
  private func http(upstream: UInt16) throws(BenchError) -> Subject {
    try subject([
      "mode": "http", "fprocess": "sleep 1000000", "upstream_url": "http://127.0.0.1:\(upstream)",
    ])
  }

  // MARK: - A program for each call

  private func streaming(_ wrk: Wrk, into report: inout Report) throws(BenchError) {
    let figures = try workbench.attempt { () throws(BenchError) in
      try LoadMeasurement.figures(
        of: subject(["mode": "streaming", "fprocess": Self.program]), processors: workbench.serverProcessors,
        connections: 8, wrk: wrk)
    }
    if let figures { report.add(figures, subject: Self.ours, group: "streaming") }
    let bare = try workbench.attempt { () throws(BenchError) in try bareCallsPerSecond() }
    if let bare { report.add(["requests_per_s": bare], subject: Self.spawn, group: "streaming") }
  }

  private func bareCallsPerSecond() throws(BenchError) -> Double {
    let launch = Launch(
      name: Self.spawn, path: try workbench.peers.spawner(), arguments: ["\(workbench.seconds)", Self.program],
      processors: workbench.serverProcessors, output: "\(workbench.folder)/spawn.out")
    let output = try ChildProcess.output(of: launch, secondsAtMost: 30)
    guard let word = output.split(whereSeparator: { $0 == " " || $0 == "\n" }).last, let calls = Double(String(word))
    else { throw .failed("the spawning peer said nothing:\n\(output.suffix(200))") }
    return calls
  }

  private func subject(_ environment: [String: String]) throws(BenchError) -> Subject {
    let path = try Servers(workbench: workbench).watchdogPath()
    return Subject(name: Self.ours) { [folder = workbench.folder] port in
      let own = [
        "port": "\(port)", "bind_address": "127.0.0.1", "metrics_port": "0", "suppress_lock": "true",
        "log_level": "warning",
      ]
      return Launch(
        name: Self.ours, path: path, environment: own.merging(environment) { $1 }, output: "\(folder)/watchdog.out")
    }
  }
}
