import Glibc

/// Many functions that sleep, all called at the same moment.
struct BurstBenchmark {
  let workbench: Workbench

  private var count: Int { workbench.options.isQuick ? 50 : 200 }

  func run() throws(BenchError) -> Report {
    var report = Report(
      .burst, title: "\(count) sleeping functions, each called once, all at once",
      columns: [
        Report.Column(metric: "starts_per_s", title: "starts/s", decimals: 0),
        Report.Column(metric: "p50_ms", title: "p50 ms", decimals: 1),
        Report.Column(metric: "last_ms", title: "last ms", decimals: 1),
      ])
    var failed: Set<RunningGateway.Isolation> = []
    for _ in 0..<workbench.options.rounds {
      for isolation in RunningGateway.Isolation.allCases where !failed.contains(isolation) {
        let figures = try workbench.attempt { () throws(BenchError) in try measure(isolation) }
        if let figures {
          report.add(
            figures,
            subject: isolation == .isolated ? RunningGateway.program : "\(RunningGateway.program) --no-isolation")
        } else {
          failed.insert(isolation)
        }
      }
    }
    return report
  }

  private func measure(_ isolation: RunningGateway.Isolation) throws(BenchError) -> [String: Double] {
    let gateway = try RunningGateway(workbench, isolation)
    for number in 0..<count { try gateway.deploy("burst-\(number)") }
    // Connected before, so that what is measured is the starting.
    let callers = Connections(port: gateway.port)
    for _ in 0..<count { try callers.connect() }
    try Clock.pause(microseconds: 100_000)
    let began = Clock.now()
    for number in 0..<count {
      try callers.send(Array("GET /function/burst-\(number) HTTP/1.1\r\nHost: bench\r\n\r\n".utf8), at: number)
    }
    let times = try callers.answers(by: began + 30_000_000_000).map { Double($0 - began) / 1e6 }
    guard let last = times.max() else { throw .failed("nobody was answered") }
    return [
      "starts_per_s": Double(count) / last * 1000, "p50_ms": percentile(0.5, of: times) ?? last, "last_ms": last,
    ]
  }
}
