import Glibc

/// A warm reverse proxy to one fast upstream: ours beside nginx and httputil.ReverseProxy.
struct ProxyBenchmark {
  let workbench: Workbench

  static let ours = "bench-proxy"
  static let go = "Go ReverseProxy"
  static let goOne = "Go ReverseProxy, 1 proc"
  static let ceiling = "upstream without proxy"

  func run() throws(BenchError) -> Report {
    var report = Report(
      .proxy, title: "to a constant C server, wrk -t1; groups are numbers of connections",
      columns: LoadMeasurement.columns,
      ratios: LoadMeasurement.ratios(against: Self.go, named: "Go")
        + [Report.Ratio(metric: "requests_per_s", title: "req/s x nginx", peer: Servers.nginx)])
    guard let wrk = try workbench.attempt({ () throws(BenchError) in try Wrk(workbench: workbench) }),
      let constant = try workbench.attempt(Servers(workbench: workbench).constantServer)
    else { return report }
    var failed: Set<String> = []
    for _ in 0..<workbench.options.rounds {
      // The upstream and wrk on the processor they share: no proxy beside them can be measured faster than this.
      let ceiling = try workbench.attempt { () throws(BenchError) in
        try LoadMeasurement.figures(of: constant, processors: workbench.loadProcessors, connections: 64, wrk: wrk)
      }
      if let ceiling { report.add(ceiling, subject: Self.ceiling, group: "64") }
      for connections in [64, 1000] {
        for make in proxies(connections: connections) where !failed.contains(make.name) {
          let figures = try workbench.attempt { () throws(BenchError) in
            let upstream = try RunningServer.start(constant, processors: workbench.loadProcessors)
            return try LoadMeasurement.figures(
              of: make.subject(upstream.port), processors: make.processors, connections: connections, wrk: wrk)
          }
          if let figures {
            report.add(figures, subject: make.name, group: "\(connections)")
          } else {
            failed.insert(make.name)
          }
        }
      }
    }
    return report
  }

  /// A proxy that is complete but for its upstream's port.
  private struct Maker {
    let name: String
    let processors: UInt
    let subject: (UInt16) throws(BenchError) -> Subject
  }

  private func proxies(connections: Int) -> [Maker] {
    // Nobody may run out of idle upstream connections, so 64 and 128 become 1,024 under 1,000 connections.
    let idle = (nginx: connections > 64 ? 1024 : 64, go: connections > 64 ? 1024 : 128)
    let one = workbench.serverProcessors
    return [
      Maker(name: Self.ours, processors: one) { upstream throws(BenchError) in
        let path = workbench.options.proxyPath
        guard access(path, X_OK) == 0 else { throw .missing("\(path) is not built, so there is no proxy row of ours") }
        return program(Self.ours, path: path, upstream: upstream)
      },
      Maker(name: Servers.nginx, processors: one) { upstream throws(BenchError) in
        try nginx(upstream: upstream, idle: idle.nginx)
      },
      Maker(name: Self.go, processors: 0) { upstream throws(BenchError) in
        try goProxy(upstream: upstream, idle: idle.go)
      },
      Maker(name: Self.goOne, processors: one) { upstream throws(BenchError) in
        try goProxy(upstream: upstream, idle: idle.go, isOne: true)
      },
    ]
  }

  /// `isOne`: with one thread for Go code.
  func goProxy(upstream: UInt16, idle: Int, isOne: Bool = false) throws(BenchError) -> Subject {
    try program(
      isOne ? Self.goOne : Self.go, path: workbench.peers.goProxy(), upstream: upstream,
      arguments: ["--idle", "\(idle)"], environment: isOne ? ["GOMAXPROCS": "1"] : [:])
  }

  private func program(
    _ name: String, path: String, upstream: UInt16, arguments: [String] = [], environment: [String: String] = [:]
  ) -> Subject {
    Subject(name: name) { [folder = workbench.folder] port in
      Launch(
        name: name, path: path,
        arguments: ["--listen", "127.0.0.1:\(port)", "--upstream", "127.0.0.1:\(upstream)"] + arguments,
        environment: environment, output: "\(folder)/proxy.out")
    }
  }

  func nginx(upstream: UInt16, idle: Int) throws(BenchError) -> Subject {
    let path = try Tools.require("nginx", for: "nginx row")
    return Subject(name: Servers.nginx) { [workbench] port throws(BenchError) in
      let configuration = try workbench.peers.fill(
        "nginx/proxy.conf",
        values: [
          "FOLDER": workbench.folder, "PORT": "\(port)", "UPSTREAM": "\(upstream)", "IDLE": "\(idle)",
          "CONNECTIONS": "4096",
        ])
      return Launch(
        name: Servers.nginx, path: path,
        arguments: ["-p", workbench.folder, "-e", "\(workbench.folder)/nginx.log", "-c", configuration],
        output: "\(workbench.folder)/nginx.out")
    }
  }
}
