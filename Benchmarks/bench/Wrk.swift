import Glibc

/// Load from wrk with one thread, and what it saw.
struct Wrk {
  let path: String
  let workbench: Workbench

  /// Who is asked for what.
  struct Target {
    let name: String
    let port: UInt16
    var path = "/"
  }

  struct Result {
    let requests: Double
    /// Answered with an error.
    let refused: Double
    /// Not answered.
    let lost: Double
    let requestsPerSecond: Double
    let p50Milliseconds: Double
    let p99Milliseconds: Double
  }

  init(workbench: Workbench) throws(BenchError) {
    path = try Tools.require("wrk", for: "load, and none of its figures")
    self.workbench = workbench
  }

  /// Any answer but a 2xx or 3xx is an error; what was lost on the way is noted.
  func run(
    _ target: Target, connections: Int, seconds: Int, meanwhile: () throws(BenchError) -> Void = {}
  ) throws(BenchError) -> Result {
    let result = try attempt(target, connections: connections, seconds: seconds, meanwhile: meanwhile)
    guard result.refused == 0 else {
      throw .failed("\(target.name) answered \(Int(result.refused)) of \(Int(result.requests)) requests with an error")
    }
    if result.lost > 0 {
      workbench.note("\(target.name), \(connections) connections: wrk lost \(Int(result.lost)) requests")
    }
    return result
  }

  /// The same where errors are what is counted.
  func attempt(
    _ target: Target, connections: Int, seconds: Int, meanwhile: () throws(BenchError) -> Void = {}
  ) throws(BenchError) -> Result {
    let launch = Launch(
      name: "wrk", path: path,
      arguments: [
        "-t1", "-c\(connections)", "-d\(seconds)s", "--timeout", "10s", "-s", "\(Peers.sources)/report.lua",
        "http://127.0.0.1:\(target.port)\(target.path)",
      ],
      processors: workbench.loadProcessors, output: "\(workbench.folder)/wrk.log")
    let output = try ChildProcess.output(of: launch, secondsAtMost: seconds + 30, meanwhile: meanwhile)
    var numbers: [String: Double] = [:]
    for word in output.split(separator: "\n").last(where: { $0.hasPrefix("bench ") })?.split(separator: " ") ?? [] {
      let pair = word.split(separator: "=")
      if pair.count == 2 { numbers[String(pair[0])] = Double(String(pair[1])) }
    }
    guard let requests = numbers["requests"], let duration = numbers["duration_us"], requests > 0, duration > 0 else {
      throw .failed("wrk got no answer from \(target.name):\n\(output.suffix(500))")
    }
    return Result(
      requests: requests, refused: numbers["status"] ?? 0,
      lost: (numbers["sockets"] ?? 0) + (numbers["timeouts"] ?? 0), requestsPerSecond: requests / duration * 1e6,
      p50Milliseconds: (numbers["p50_us"] ?? 0) / 1000, p99Milliseconds: (numbers["p99_us"] ?? 0) / 1000)
  }
}
