import Glibc

/// Load from wrk with one thread, and what it saw.
struct Wrk {
  let path: String
  let workbench: Workbench

  struct Result {
    let requests: Double
    let requestsPerSecond: Double
    let p50Milliseconds: Double
    let p99Milliseconds: Double
  }

  init(workbench: Workbench) throws(BenchError) {
    path = try Tools.require("wrk", for: "load, and none of its figures")
    self.workbench = workbench
  }

  func run(
    port: UInt16, connections: Int, seconds: Int, name: String, meanwhile: () throws(BenchError) -> Void = {}
  ) throws(BenchError) -> Result {
    let launch = Launch(
      name: "wrk", path: path,
      arguments: [
        "-t1", "-c\(connections)", "-d\(seconds)s", "--timeout", "10s", "-s", "\(Peers.sources)/report.lua",
        "http://127.0.0.1:\(port)/",
      ],
      processors: workbench.loadProcessors, output: "\(workbench.folder)/wrk.log")
    let output = try ChildProcess.output(of: launch, secondsAtMost: seconds + 30, meanwhile: meanwhile)
    var numbers: [String: Double] = [:]
    for word in output.split(separator: "\n").last(where: { $0.hasPrefix("bench ") })?.split(separator: " ") ?? [] {
      let pair = word.split(separator: "=")
      if pair.count == 2 { numbers[String(pair[0])] = Double(String(pair[1])) }
    }
    guard let requests = numbers["requests"], let duration = numbers["duration_us"], requests > 0, duration > 0 else {
      throw .failed("wrk got no answer from \(name):\n\(output.suffix(500))")
    }
    guard numbers["status"] == 0 else {
      throw .failed("\(name) answered \(Int(numbers["status"] ?? 0)) of \(Int(requests)) requests with an error")
    }
    let lost = (numbers["sockets"] ?? 0) + (numbers["timeouts"] ?? 0)
    if lost > 0 { workbench.note("\(name), \(connections) connections: wrk lost \(Int(lost)) requests") }
    return Result(
      requests: requests, requestsPerSecond: requests / duration * 1e6,
      p50Milliseconds: (numbers["p50_us"] ?? 0) / 1000, p99Milliseconds: (numbers["p99_us"] ?? 0) / 1000)
  }
}
