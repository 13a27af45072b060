import Glibc

/// New versions of a function while it is being called: how long each takes, and what becomes of the calls.
struct RedeployBenchmark {
  let workbench: Workbench

  private static let connections = 16
  private static let name = "redeployed"
  /// Between one version that serves and the next that is deployed.
  private static let pause: Int64 = 100_000_000

  private var seconds: Int { workbench.options.isQuick ? 2 : 4 }

  func run() throws(BenchError) -> Report {
    var report = Report(
      .redeploy, title: "new versions under load, \(Self.connections) connections, wrk -t1, \(seconds) s",
      columns: [
        Report.Column(metric: "redeploys", title: "redeploys", decimals: 0),
        Report.Column(metric: "p50_ms", title: "p50 ms", decimals: 1),
        Report.Column(metric: "max_ms", title: "max ms", decimals: 1),
        Report.Column(metric: "calls", title: "calls", decimals: 0),
        Report.Column(metric: "failed_calls", title: "failed calls", decimals: 0),
      ])
    guard let wrk = try workbench.attempt({ () throws(BenchError) in try Wrk(workbench: workbench) }) else {
      return report
    }
    for _ in 0..<workbench.options.rounds {
      guard let figures = try workbench.attempt({ () throws(BenchError) in try measure(wrk) }) else { break }
      report.add(figures, subject: RunningGateway.program)
    }
    return report
  }

  private func measure(_ wrk: Wrk) throws(BenchError) -> [String: Double] {
    let gateway = try RunningGateway(workbench)
    try gateway.deploy(Self.name)
    guard try GatewayConnection(port: gateway.port).ask("GET", "/function/\(Self.name)").status == 200 else {
      throw .failed("the gateway's hello does not answer")
    }
    var times: [Double] = []
    var next = Clock.now() + Self.pause
    let target = Wrk.Target(name: RunningGateway.program, port: gateway.port, path: "/function/\(Self.name)")
    let result = try wrk.attempt(target, connections: Self.connections, seconds: seconds) { () throws(BenchError) in
      guard Clock.now() >= next else { return }
      times.append(try redeploy(gateway, version: times.count + 1))
      next = Clock.now() + Self.pause
    }
    guard let most = times.max() else { throw .failed("nothing was redeployed") }
    return [
      "redeploys": Double(times.count), "p50_ms": percentile(0.5, of: times) ?? most, "max_ms": most,
      "calls": result.requests, "failed_calls": result.refused + result.lost,
    ]
  }

  /// Milliseconds from the order to the version that serves.
  private func redeploy(_ gateway: RunningGateway, version: Int) throws(BenchError) -> Double {
    let before = try gateway.status(of: Self.name, "generation")
    let began = Clock.now()
    try gateway.deploy(Self.name, isUpdate: true, version: version)
    try gateway.wait("version \(version) does not serve") { () throws(BenchError) in
      try gateway.status(of: Self.name, "generation") != before
    }
    return Double(Clock.now() - began) / 1e6
  }
}
