/// One server under one load: throughput, latency, processor time and memory.
enum LoadMeasurement {
  static let columns = [
    Report.Column(metric: "requests_per_s", title: "req/s", decimals: 0),
    Report.Column(metric: "p50_ms", title: "p50 ms", decimals: 2),
    Report.Column(metric: "p99_ms", title: "p99 ms", decimals: 2),
    Report.Column(metric: "cpu_us_per_request", title: "CPU us/req", decimals: 2),
    Report.Column(metric: "rss_start_mb", title: "RSS start MB", decimals: 1),
    Report.Column(metric: "rss_load_mb", title: "RSS load MB", decimals: 1),
  ]

  static func ratios(against peer: String, named name: String) -> [Report.Ratio] {
    [
      Report.Ratio(metric: "requests_per_s", title: "req/s x \(name)", peer: peer),
      Report.Ratio(metric: "cpu_us_per_request", title: "CPU x \(name)", peer: peer),
    ]
  }

  static func figures(
    of subject: Subject, processors: UInt, connections: Int, wrk: Wrk
  ) throws(BenchError) -> [String: Double] {
    let server = try RunningServer.start(subject, processors: processors)
    let target = Wrk.Target(name: subject.name, port: server.port)
    return try figures(of: target, connections: connections, wrk: wrk) { () throws(BenchError) in try server.figures }
  }

  /// Of a server that runs and has answered before; `used` says what it has used so far.
  static func figures(
    of target: Wrk.Target, connections: Int, wrk: Wrk, used: () throws(BenchError) -> ProcessFigures
  ) throws(BenchError) -> [String: Double] {
    let start = try used()
    // The first second fills pools and caches, and is thrown away.
    _ = try wrk.run(target, connections: connections, seconds: 1)
    let before = try used()
    let result = try wrk.run(target, connections: connections, seconds: wrk.workbench.seconds)
    let after = try used()
    return [
      "requests_per_s": result.requestsPerSecond,
      "p50_ms": result.p50Milliseconds,
      "p99_ms": result.p99Milliseconds,
      "cpu_us_per_request": (after.cpuMicroseconds - before.cpuMicroseconds) / result.requests,
      "rss_start_mb": start.residentKilobytes / 1024,
      "rss_load_mb": after.residentKilobytes / 1024,
    ]
  }
}
