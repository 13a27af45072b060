import Glibc

/// What the gateway holds in memory, without its replicas: at rest, under connections, and with functions that sleep.
struct AsleepBenchmark {
  let workbench: Workbench

  private var count: Int { workbench.options.isQuick ? 200 : 1000 }
  private static let request = Array("GET /function/warm HTTP/1.1\r\nHost: bench\r\n\r\n".utf8)

  func run() throws(BenchError) -> Report {
    var report = Report(
      .asleep, title: "memory of the gateway alone; \(count) connections with a call each, \(count) functions asleep",
      columns: [
        Report.Column(metric: "rss_start_mb", title: "RSS at rest MB", decimals: 1),
        Report.Column(metric: "rss_connections_mb", title: "connections MB", decimals: 1),
        Report.Column(metric: "rss_asleep_mb", title: "asleep MB", decimals: 1),
      ])
    for _ in 0..<workbench.options.rounds {
      guard let figures = try workbench.attempt(measure) else { break }
      report.add(figures, subject: RunningGateway.program)
    }
    return report
  }

  private func measure() throws(BenchError) -> [String: Double] {
    let called = try RunningGateway(workbench)
    var figures = ["rss_start_mb": try called.figures.residentKilobytes / 1024]
    try called.deploy("warm")
    let crowd = Connections(port: called.port)
    while crowd.count < count { try crowd.open(request: Self.request, wantsAnswer: true) }
    figures["rss_connections_mb"] = try called.figures.residentKilobytes / 1024
    crowd.closeAll()
    let asleep = try RunningGateway(workbench)
    for number in 0..<count { try asleep.deploy("asleep-\(number)") }
    figures["rss_asleep_mb"] = try asleep.figures.residentKilobytes / 1024
    return figures
  }
}
