import Glibc

/// Heap allocations a request, counted in a build that differs from the shipped one only by a wrapped malloc.
struct AllocationsBenchmark {
  let workbench: Workbench

  static let control = "control (C, 3 a request)"
  private var requests: Int { workbench.options.isQuick ? 1000 : 10_000 }

  func run() throws(BenchError) -> Report {
    var report = Report(
      .allocations, title: "calls of malloc and its kin over \(requests) requests on one warm connection",
      columns: [
        Report.Column(metric: "per_request", title: "a request", decimals: 2),
        Report.Column(metric: "at_start", title: "until the first answer", decimals: 0),
      ])
    guard let wasCounted = try workbench.attempt({ () throws(BenchError) in try controlCounts(into: &report) }),
      wasCounted
    else { return report }
    _ = try workbench.attempt { () throws(BenchError) in
      _ = try Servers(workbench: workbench).helloPath()
      let path = try countedBuild(of: "hello")
      report.add(try measure(server(Servers.ours, path: path)), subject: Servers.ours)
    }
    _ = try workbench.attempt { () throws(BenchError) in
      guard access(workbench.options.proxyPath, X_OK) == 0 else {
        throw .missing("\(workbench.options.proxyPath) is not built, so there is no proxy row of ours")
      }
      let path = try countedBuild(of: "bench-proxy")
      let upstream = try RunningServer.start(Servers(workbench: workbench).constantServer(), processors: 0)
      let arguments = ["--upstream", "127.0.0.1:\(upstream.port)"]
      let proxy = server(ProxyBenchmark.ours, path: path, arguments: arguments)
      report.add(try measure(proxy), subject: ProxyBenchmark.ours)
    }
    return report
  }

  /// A counter that does not see three allocations a request where there are three proves nothing about zero.
  private func controlCounts(into report: inout Report) throws(BenchError) -> Bool {
    let figures = try measure(server(Self.control, path: workbench.peers.countedConstant()))
    report.add(figures, subject: Self.control)
    guard let count = figures["per_request"], abs(count - 3) < 0.01 else {
      throw .failed("the allocation counter is wrong: the control makes 3 a request, not \(figures)")
    }
    return true
  }

  private var counterPath: String { "\(workbench.folder)/allocations" }

  private func server(_ name: String, path: String, arguments: [String] = []) -> Subject {
    Subject(name: name) { [workbench, counterPath] port in
      Launch(
        name: name, path: path,
        // The proxy takes an option where servers read the environment.
        arguments: arguments.isEmpty ? [] : ["--listen", "127.0.0.1:\(port)"] + arguments,
        environment: ["port": "\(port)", "bind_address": "127.0.0.1", "BENCH_ALLOCATIONS": counterPath],
        output: "\(workbench.folder)/counted.out")
    }
  }

  private func measure(_ subject: Subject) throws(BenchError) -> [String: Double] {
    try write(String(repeating: "\0", count: MemoryLayout<UInt64>.size), to: counterPath)
    let server = try RunningServer.start(subject, processors: workbench.serverProcessors)
    let start = try count()
    guard let connection = try Socket.connect(to: .local(server.port)) else {
      throw .failed("\(subject.name) stopped listening")
    }
    try Exchange.repeated(1000, on: connection)
    let before = try count()
    try Exchange.repeated(requests, on: connection)
    let after = try count()
    return ["per_request": Double(after - before) / Double(requests), "at_start": Double(start)]
  }

  private func count() throws(BenchError) -> UInt64 {
    try bytes(of: counterPath).reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// The product as `make build` links it, and malloc wrapped; in a scratch path of its own.
  private func countedBuild(of product: String) throws(BenchError) -> String {
    let swift = try Tools.require("swift", for: "count of allocations")
    let scratch = "\(workbench.peers.cache)/counted"
    var arguments = ["build", "-c", "release", "--product", product, "--scratch-path", scratch]
    arguments += ["--static-swift-stdlib", "-Xswiftc", "-use-ld=lld"]
    for name in Peers.wrapping { arguments += ["-Xlinker", "--wrap=\(name)"] }
    arguments += ["-Xlinker", try workbench.peers.allocationCounter()]
    Console.say("building \(product) with a wrapped malloc in \(scratch)")
    _ = try ChildProcess.output(
      of: Launch(
        name: "swift build", path: swift, arguments: arguments, output: "\(workbench.folder)/swift-build.log"),
      secondsAtMost: 1800)
    return "\(scratch)/release/\(product)"
  }
}
