import Glibc

/// Photographs through blur-image and through what one would write in Python: decode, look for faces, blur, encode.
struct BlurBenchmark {
  let workbench: Workbench

  static let ours = "blur-image"
  static let peer = "OpenCV + Flask"
  private static let widths = [640, 1280, 1920]
  private static let script = "\(Peers.sources)/blur.py"

  func run() throws(BenchError) -> Report {
    var report = Report(
      .blur, title: "one photograph after the other, looking for faces",
      columns: [
        Report.Column(metric: "p50_ms", title: "p50 ms", decimals: 1),
        Report.Column(metric: "p99_ms", title: "p99 ms", decimals: 1),
        Report.Column(metric: "rss_idle_mb", title: "RSS idle MB", decimals: 1),
        Report.Column(metric: "rss_peak_mb", title: "RSS peak MB", decimals: 1),
      ],
      ratios: [Report.Ratio(metric: "p50_ms", title: "p50 x Python", peer: Self.peer)])
    guard let python = try workbench.attempt(python) else { return report }
    _ = try ChildProcess.output(
      of: Launch(
        name: "blur.py", path: python, arguments: [Self.script, "images", workbench.folder],
        output: "\(workbench.folder)/images.out"), secondsAtMost: 120)
    for _ in 0..<workbench.options.rounds {
      for subject in [ours, peer(python)] {
        for width in Self.widths {
          let figures = try workbench.attempt { () throws(BenchError) in try measure(subject, width) }
          if let figures { report.add(figures, subject: subject.name, group: "\(width)") }
        }
      }
    }
    return report
  }

  /// What scripts/blur-peers keeps in the cache.
  private func python() throws(BenchError) -> String {
    let launch = Launch(name: "blur-peers", path: "scripts/blur-peers", output: "\(workbench.folder)/blur-peers.out")
    guard let written = try? ChildProcess.output(of: launch, secondsAtMost: 600),
      let path = written.split(separator: "\n").last
    else { throw .missing("scripts/blur-peers can't have its Python, so there is nothing to compare with") }
    return String(path)
  }

  private var ours: Subject {
    Subject(name: Self.ours) { [folder = workbench.folder, path = workbench.options.blurPath] port in
      Launch(
        name: Self.ours, path: path, environment: ["port": "\(port)", "bind_address": "127.0.0.1"],
        output: "\(folder)/blur.out")
    }
  }

  private func peer(_ python: String) -> Subject {
    Subject(name: Self.peer) { [folder = workbench.folder] port in
      Launch(
        name: Self.peer, path: python, arguments: [Self.script, "serve"],
        environment: ["port": "\(port)", "bind_address": "127.0.0.1"], output: "\(folder)/blur-peer.out")
    }
  }

  private func measure(_ subject: Subject, _ width: Int) throws(BenchError) -> [String: Double] {
    let image = try bytes(of: "\(workbench.folder)/blur-\(width).jpg")
    // Both may use two processors: the load waits while they work.
    let server = try RunningServer.start(subject, processors: 0)
    var figures = ["rss_idle_mb": try server.figures.residentKilobytes / 1024]
    var times: [Double] = []
    // The first two do not count: caches fill.
    for number in -2..<(workbench.options.isQuick ? 5 : 20) {
      let connection = try GatewayConnection(port: server.port)
      let began = Clock.now()
      let answer = try connection.ask("POST", "/?objects=faces&style=gaussian", image)
      guard answer.status == 200 else { throw .failed("\(subject.name) answered \(answer.status) to an image") }
      if number >= 0 { times.append(Double(Clock.now() - began) / 1e6) }
    }
    figures["p50_ms"] = percentile(0.5, of: times)
    figures["p99_ms"] = percentile(0.99, of: times)
    figures["rss_peak_mb"] = try server.peakKilobytes / 1024
    return figures
  }
}
