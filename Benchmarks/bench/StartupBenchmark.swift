import Glibc

/// From spawn to the first byte of a 200, on a socket handed over and on a port the program binds itself.
struct StartupBenchmark {
  let workbench: Workbench

  private enum Way: String, CaseIterable { case activate, listen }

  private struct Program {
    let name: String
    let path: String
    let environment: [String: String]
    let kilobytes: Double
    let strippedKilobytes: Double?
  }

  private var starts: Int { workbench.options.isQuick ? 25 : 200 }
  private static let patience: Int64 = 5_000_000_000

  func run() throws(BenchError) -> Report {
    var report = Report(
      .startup, title: "spawn to first byte of a 200, \(starts) starts a round",
      columns: [
        Report.Column(metric: "p50_ms", title: "p50 ms", decimals: 3),
        Report.Column(metric: "p99_ms", title: "p99 ms", decimals: 3),
        Report.Column(metric: "rss_kb", title: "RSS KB", decimals: 0),
        Report.Column(metric: "file_kb", title: "file KB", decimals: 0),
        Report.Column(metric: "stripped_kb", title: "stripped KB", decimals: 0),
      ],
      ratios: [
        Report.Ratio(metric: "p50_ms", title: "p50 x Go", peer: Servers.go),
        Report.Ratio(metric: "p50_ms", title: "p50 x C", peer: Servers.constant),
      ])
    var programs = try available()
    for _ in 0..<workbench.options.rounds {
      let failed = try round(programs, into: &report)
      programs.removeAll { failed.contains($0.name) }
    }
    return report
  }

  /// Starts all programs in turn, both ways, and returns the names of those that did not answer.
  private func round(_ programs: [Program], into report: inout Report) throws(BenchError) -> Set<String> {
    var times: [String: [Double]] = [:]
    var memory: [String: [Double]] = [:]
    var failed: Set<String> = []
    // Three starts that do not count bring files and caches to where they stay.
    for index in -3..<starts {
      for way in Way.allCases {
        for program in programs where !failed.contains(program.name) {
          let sample = try workbench.attempt { () throws(BenchError) in try start(program, way) }
          guard let sample else {
            failed.insert(program.name)
            continue
          }
          guard index >= 0 else { continue }
          times[program.name + way.rawValue, default: []].append(sample.milliseconds)
          memory[program.name + way.rawValue, default: []].append(sample.kilobytes)
        }
      }
    }
    for way in Way.allCases {
      for program in programs where !failed.contains(program.name) {
        let samples = times[program.name + way.rawValue] ?? []
        var figures = ["file_kb": program.kilobytes]
        figures["stripped_kb"] = program.strippedKilobytes
        figures["p50_ms"] = percentile(0.5, of: samples)
        figures["p99_ms"] = percentile(0.99, of: samples)
        figures["rss_kb"] = median(of: memory[program.name + way.rawValue] ?? [])
        report.add(figures, subject: program.name, group: way.rawValue)
      }
    }
    return failed
  }

  private func start(_ program: Program, _ way: Way) throws(BenchError) -> (milliseconds: Double, kilobytes: Double) {
    var launch = Launch(name: program.name, path: program.path, output: "\(workbench.folder)/startup.out")
    launch.environment = program.environment
    switch way {
    case .activate:
      let address = SocketAddress.unix("\(workbench.folder)/s")
      unlink("\(workbench.folder)/s")
      let listener = try Socket.listening(on: address)
      launch.listener = listener.descriptor
      let sample = try time(launch, address)
      // The listener has to stay open until the answer has come.
      _ = consume listener
      return sample
    case .listen:
      let port = try Socket.freePort()
      launch.environment.merge(["port": "\(port)", "bind_address": "127.0.0.1"]) { $1 }
      return try time(launch, .local(port))
    }
  }

  private func time(
    _ launch: Launch, _ address: SocketAddress
  ) throws(BenchError) -> (milliseconds: Double, kilobytes: Double) {
    let prepared = try PreparedLaunch(launch)
    let began = Clock.now()
    let deadline = began + Self.patience
    var child = try ChildProcess(prepared)
    while true {
      if let connection = try Socket.connect(to: address) {
        try Exchange.send(on: connection)
        let answered = try Exchange.firstByte(on: connection, deadline: deadline) { () throws(BenchError) in
          try child.checkAlive()
        }
        try Exchange.readAnswer(on: connection)
        return (Double(answered - began) / 1e6, try ProcessFigures.residentKilobytes(of: child.pid))
      }
      try child.checkAlive()
      guard Clock.now() < deadline else { throw .failed("\(launch.name) did not listen within 5 s") }
      try Clock.pause(microseconds: 20)
    }
  }

  private func available() throws(BenchError) -> [Program] {
    let servers = Servers(workbench: workbench)
    let site = ["mode": "static", "static_path": workbench.folder, "metrics_port": "0", "suppress_lock": "true"]
    try write("a page\n", to: "\(workbench.folder)/index.html")
    let makers: [(String, [String: String], () throws(BenchError) -> String)] = [
      (Servers.ours, [:], servers.helloPath), (WatchdogBenchmark.ours, site, servers.watchdogPath),
      (Servers.constant, [:], workbench.peers.constant), (Servers.go, [:], workbench.peers.goServer),
    ]
    var programs: [Program] = []
    for (name, environment, make) in makers {
      guard let path = try workbench.attempt(make) else { continue }
      programs.append(
        Program(
          name: name, path: path, environment: environment, kilobytes: Double(try size(of: path)) / 1024,
          strippedKilobytes: try workbench.attempt { () throws(BenchError) in try strippedKilobytes(path) }))
    }
    return programs
  }

  private func strippedKilobytes(_ path: String) throws(BenchError) -> Double {
    let strip = try Tools.require("strip", for: "stripped size")
    let target = "\(workbench.folder)/stripped"
    _ = try ChildProcess.output(
      of: Launch(
        name: "strip", path: strip, arguments: ["-o", target, path], output: "\(workbench.folder)/strip.log"),
      secondsAtMost: 60)
    return Double(try size(of: target)) / 1024
  }
}
