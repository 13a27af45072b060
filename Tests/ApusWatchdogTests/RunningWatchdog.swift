import ApusIO
import ApusLauncher
import Glibc
import Instruments
import Testing

/// The real watchdog as a program, in a folder of its own; both go with the test.
final class RunningWatchdog {
  let folder: String
  let address: SocketAddress
  let metrics: SocketAddress
  private let process: ChildProcess
  private let said: LineReader

  var pid: CInt { process.pid }
  /// The lines that nobody waited for, in order.
  var passed: [String] { said.passed }

  /// Starts it with `environment` beside ports and a folder for temporary files; `files` lie where it works. What it
  /// and its programs print, on both streams, can be read line by line.
  init(_ environment: [String: String], files: [String: String] = [:], adoptsOrphans: Bool = false) throws {
    Signals.ignoreBrokenPipes()
    folder = try Folder.make(files)
    address = .loopback(port: freePort())
    metrics = .loopback(port: freePort())
    var all = [
      "PATH": "/usr/bin:/bin", "TMPDIR": folder, "port": "\(address.port ?? 0)", "bind_address": "127.0.0.1",
      "metrics_port": "\(metrics.port ?? 0)", "healthcheck_interval": "0",
    ]
    all.merge(Sanitizer.environment.merging(environment) { $1 }) { $1 }
    let program = try BuiltProgram.path("apus-watchdog")
    let adopting = [
      "-c", "import ctypes,os,sys;ctypes.CDLL(None).prctl(36,1);os.execv(sys.argv[1],sys.argv[1:])", program,
    ]
    var plan =
      adoptsOrphans
      ? ChildProcess.Plan("/usr/bin/python3", adopting, environment: all) : ChildProcess.Plan(program, environment: all)
    plan.directory = folder
    let pipe = try Pipe(nonBlocking: false)
    plan.descriptors = [1: pipe.writing.raw, 2: pipe.writing.raw]
    process = try ChildProcess.spawn(plan)
    said = LineReader(pipe.takeReading())
  }

  /// Started, and ready.
  static func ready(
    _ environment: [String: String], files: [String: String] = [:], adoptsOrphans: Bool = false
  ) throws -> RunningWatchdog {
    let watchdog = try RunningWatchdog(environment, files: files, adoptsOrphans: adoptsOrphans)
    let line = watchdog.line(with: "\"ready\"")
    try #require(!line.isEmpty, "\(watchdog.passed)")
    return watchdog
  }

  /// A script of bash in the mode that is given.
  static func script(
    _ text: String, _ environment: [String: String] = [:], files: [String: String] = [:]
  ) throws -> RunningWatchdog {
    try ready(
      ["fprocess": "bash script.sh"].merging(environment) { $1 }, files: files.merging(["script.sh": text]) { $1 })
  }

  deinit {
    _ = try? Folder.remove(folder)
  }

  // MARK: - What it says

  /// The next line that has `mark`, which must come within twenty seconds; empty if it ends without.
  func line(with mark: String) -> String { said.line(with: mark) }

  /// All that it has still to say until it ends.
  func linesToTheEnd() -> [String] { said.linesToTheEnd() }

  // MARK: - Its end

  func send(_ signal: CInt) { process.send(signal) }

  /// Sends `signal` if there is one, and waits for the end, which must come within twenty seconds.
  func end(_ signal: CInt? = nil) throws -> ChildProcess.Exit {
    if let signal { process.send(signal) }
    let loop = try Loop()
    let this = LoopBound(self, to: loop)
    return try loop.runUntilDone {
      try await this.value.process.wait(on: loop, deadline: .now() + .seconds(20))
    }
  }

  // MARK: - Calls

  func connect() throws -> Connection { try Connection(address) }

  /// One request on a connection of its own; `fields` as lines, each with its end.
  func ask(
    _ method: String = "GET", _ target: String = "/", fields: String = "", body: String? = nil,
    at other: SocketAddress? = nil
  ) throws -> Answer {
    let connection = try Connection(other ?? address)
    let length = body.map { "Content-Length: \($0.utf8.count)\r\n" } ?? ""
    try connection.send(
      "\(method) \(target) HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\(fields)\(length)\r\n\(body ?? "")")
    return connection.receiveAnswer(isHead: method == "HEAD")
  }

  /// Asks until `condition` holds, twenty seconds at most.
  func eventually(_ condition: () throws -> Bool) rethrows -> Bool {
    let limit = Instant.now() + .seconds(20)
    while Instant.now() < limit {
      if try condition() { return true }
      usleep(2_000)
    }
    return false
  }

  var health: Int { get throws { try ask("GET", "/_/health").status } }
  var readiness: Int { get throws { try ask("GET", "/_/ready").status } }
}
