/// What a crowd of idle and slow clients does to the latency of those that work.
struct IdleBenchmark {
  let workbench: Workbench

  private static let connections = 64

  func run() throws(BenchError) -> Report {
    // Descriptors for the crowd, for wrk's connections and for what a server needs itself.
    let wanted = workbench.options.isQuick ? (idle: 2000, slow: 200) : (idle: 10_000, slow: 1000)
    let room = max(0, workbench.descriptorLimit - 500)
    let slow = min(wanted.slow, room / 11)
    let idle = min(wanted.idle, room - slow)
    if idle < wanted.idle { workbench.note("only \(workbench.descriptorLimit) descriptors allowed (ulimit -Hn)") }
    var report = Report(
      .idle, title: "\(Self.connections) working connections, quiet and beside \(idle) idle and \(slow) slow ones",
      columns: [
        Report.Column(metric: "quiet_p99_ms", title: "quiet p99 ms", decimals: 2),
        Report.Column(metric: "crowd_p99_ms", title: "crowd p99 ms", decimals: 2),
        Report.Column(metric: "p99_ratio", title: "ratio", decimals: 2),
        Report.Column(metric: "rss_start_mb", title: "RSS start MB", decimals: 1),
        Report.Column(metric: "rss_1000_mb", title: "RSS 1,000 MB", decimals: 1),
        Report.Column(metric: "rss_crowd_mb", title: "RSS crowd MB", decimals: 1),
        Report.Column(metric: "idle_open", title: "idle left", decimals: 0),
        Report.Column(metric: "slow_closed", title: "slow closed", decimals: 0),
      ], ratios: [Report.Ratio(metric: "rss_1000_mb", title: "RSS 1,000 x Go", peer: Servers.go)])
    guard let wrk = try workbench.attempt({ () throws(BenchError) in try Wrk(workbench: workbench) }) else {
      return report
    }
    var subjects = try Servers(workbench: workbench).available(connections: idle + slow + Self.connections)
    for _ in 0..<workbench.options.rounds {
      for subject in subjects {
        let figures = try workbench.attempt { () throws(BenchError) in
          try measure(subject, idle: idle, slow: slow, wrk: wrk)
        }
        if let figures {
          report.add(figures, subject: subject.name)
        } else {
          subjects.removeAll { $0.name == subject.name }
        }
      }
    }
    return report
  }

  private func measure(_ subject: Subject, idle: Int, slow: Int, wrk: Wrk) throws(BenchError) -> [String: Double] {
    let server = try RunningServer.start(subject, processors: workbench.serverProcessors)
    var figures = ["rss_start_mb": try server.figures.residentKilobytes / 1024]
    let crowd = Crowd(port: server.port)
    try crowd.addIdle(upTo: min(1000, idle))
    figures["rss_1000_mb"] = try server.figures.residentKilobytes / 1024
    // Quiet means no crowd: the thousand go, and come back after it.
    crowd.leave()
    let target = Wrk.Target(name: subject.name, port: server.port)
    _ = try wrk.run(target, connections: Self.connections, seconds: 1)
    let seconds = workbench.seconds
    let quiet = try wrk.run(target, connections: Self.connections, seconds: seconds)
    try crowd.addIdle(upTo: idle)
    try crowd.addSlow(upTo: slow)
    let crowded = try wrk.run(target, connections: Self.connections, seconds: seconds) { () throws(BenchError) in
      try crowd.tick()
    }
    figures["quiet_p99_ms"] = quiet.p99Milliseconds
    figures["crowd_p99_ms"] = crowded.p99Milliseconds
    figures["p99_ratio"] = quiet.p99Milliseconds > 0 ? crowded.p99Milliseconds / quiet.p99Milliseconds : nil
    figures["rss_crowd_mb"] = try server.figures.residentKilobytes / 1024
    figures["idle_open"] = Double(crowd.idleOpen)
    figures["slow_closed"] = Double(crowd.refusals)
    return figures
  }
}
