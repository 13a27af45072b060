/// One constant answer over TCP keep-alive: our engine beside net/http and nginx, one processor each.
struct ServerBenchmark {
  let workbench: Workbench
  private static let connections = 64

  func run() throws(BenchError) -> Report {
    var report = Report(
      .server, title: "a constant answer, \(Self.connections) keep-alive connections, wrk -t1",
      columns: LoadMeasurement.columns, ratios: LoadMeasurement.ratios(against: Servers.go, named: "Go"))
    guard let wrk = try workbench.attempt({ () throws(BenchError) in try Wrk(workbench: workbench) }) else {
      return report
    }
    var subjects = try Servers(workbench: workbench).available(connections: 1024)
    for _ in 0..<workbench.options.rounds {
      for subject in subjects {
        let figures = try workbench.attempt { () throws(BenchError) in
          try LoadMeasurement.figures(
            of: subject, processors: workbench.serverProcessors, connections: Self.connections, wrk: wrk)
        }
        if let figures {
          report.add(figures, subject: subject.name)
        } else {
          // What failed once is not tried again: the message has been given.
          subjects.removeAll { $0.name == subject.name }
        }
      }
    }
    return report
  }
}
