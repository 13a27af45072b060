import Glibc

/// Warm calls of `hello` through the gateway, with all that it counts and keeps, beside proxies in front of the same
/// `hello`.
struct GatewayBenchmark {
  let workbench: Workbench

  /// Gateway, provider and watchdog are a reverse proxy each, which is the least that they can do.
  static let chain = "Go chain of 3 proxies"
  private static let connections = 64
  private static let path = "/function/warm"

  func run() throws(BenchError) -> Report {
    var report = Report(
      .gateway, title: "warm calls of hello, \(Self.connections) connections, wrk -t1; hello runs beside wrk",
      columns: LoadMeasurement.columns,
      ratios: LoadMeasurement.ratios(against: ProxyBenchmark.go, named: "Go")
        + [
          Report.Ratio(metric: "requests_per_s", title: "req/s x nginx", peer: Servers.nginx),
          Report.Ratio(metric: "requests_per_s", title: "req/s x chain", peer: Self.chain),
        ])
    guard let wrk = try workbench.attempt({ () throws(BenchError) in try Wrk(workbench: workbench) }) else {
      return report
    }
    var failed: Set<String> = []
    let subjects: [(String, (Wrk) throws(BenchError) -> [String: Double])] = [
      (ProxyBenchmark.ceiling, withoutProxy), (RunningGateway.program, gateway), (Servers.nginx, nginx),
      (ProxyBenchmark.go, goProxy), (Self.chain, goChain),
    ]
    for _ in 0..<workbench.options.rounds {
      for (name, measure) in subjects where !failed.contains(name) {
        if let figures = try workbench.attempt({ () throws(BenchError) in try measure(wrk) }) {
          report.add(figures, subject: name)
        } else {
          failed.insert(name)
        }
      }
    }
    return report
  }

  private func withoutProxy(_ wrk: Wrk) throws(BenchError) -> [String: Double] {
    try LoadMeasurement.figures(
      of: Servers(workbench: workbench).hello(), processors: workbench.loadProcessors,
      connections: Self.connections, wrk: wrk)
  }

  private func gateway(_ wrk: Wrk) throws(BenchError) -> [String: Double] {
    let gateway = try RunningGateway(workbench, processors: workbench.serverProcessors)
    try gateway.deploy("warm")
    guard try GatewayConnection(port: gateway.port).ask("GET", Self.path).status == 200 else {
      throw .failed("the gateway's hello does not answer")
    }
    try gateway.moveReplicas(to: workbench.loadProcessors)
    let target = Wrk.Target(name: RunningGateway.program, port: gateway.port, path: Self.path)
    return try LoadMeasurement.figures(of: target, connections: Self.connections, wrk: wrk) {
      () throws(BenchError) in try gateway.figures
    }
  }

  private func nginx(_ wrk: Wrk) throws(BenchError) -> [String: Double] {
    let upstream = try hello()
    return try LoadMeasurement.figures(
      of: ProxyBenchmark(workbench: workbench).nginx(upstream: upstream.port, idle: Self.connections),
      processors: workbench.serverProcessors, connections: Self.connections, wrk: wrk)
  }

  private func goProxy(_ wrk: Wrk) throws(BenchError) -> [String: Double] {
    let upstream = try hello()
    return try LoadMeasurement.figures(
      of: goProxy(to: upstream.port), processors: 0, connections: Self.connections, wrk: wrk)
  }

  /// All three have all processors; processor time and memory are those of all three.
  private func goChain(_ wrk: Wrk) throws(BenchError) -> [String: Double] {
    let upstream = try hello()
    let watchdog = try RunningServer.start(goProxy(to: upstream.port), processors: 0)
    let provider = try RunningServer.start(goProxy(to: watchdog.port), processors: 0)
    let front = try RunningServer.start(goProxy(to: provider.port), processors: 0)
    let target = Wrk.Target(name: Self.chain, port: front.port)
    return try LoadMeasurement.figures(of: target, connections: Self.connections, wrk: wrk) {
      () throws(BenchError) in
      try front.figures + provider.figures + watchdog.figures
    }
  }

  private func hello() throws(BenchError) -> RunningServer {
    try RunningServer.start(Servers(workbench: workbench).hello(), processors: workbench.loadProcessors)
  }

  private func goProxy(to upstream: UInt16) throws(BenchError) -> Subject {
    try ProxyBenchmark(workbench: workbench).goProxy(upstream: upstream, idle: 128)
  }
}
