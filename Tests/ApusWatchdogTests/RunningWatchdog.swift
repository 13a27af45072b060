import ApusIO
import ApusLauncher
import Glibc
import Testing

/// The real watchdog as a program, in a folder of its own; both go with the test.
final class RunningWatchdog {
  let folder: String
  let address: SocketAddress
  let metrics: SocketAddress
  private let process: ChildProcess
  private let output: Descriptor
  private var seen: [UInt8] = []
  /// The lines that nobody waited for, in order.
  private(set) var passed: [String] = []

  var pid: CInt { process.pid }

  /// Starts it with `environment` beside ports and a folder for temporary files; `files` lie where it works. What it
  /// and its programs print, on both streams, can be read line by line.
  init(_ environment: [String: String], files: [String: String] = [:], adoptsOrphans: Bool = false) throws {
    Signals.ignoreBrokenPipes()
    folder = try Folder.make(files)
    address = .loopback(port: Self.freePort())
    metrics = .loopback(port: Self.freePort())
    var all = [
      "PATH": "/usr/bin:/bin", "TMPDIR": folder, "port": "\(address.port ?? 0)", "bind_address": "127.0.0.1",
      "metrics_port": "\(metrics.port ?? 0)", "healthcheck_interval": "0",
    ]
    all.merge(environment) { $1 }
    let program = try Self.path("apus-watchdog")
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
    output = pipe.takeReading()
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

  /// Where the build puts executables: beside the test bundle.
  static func path(_ name: String) throws -> String {
    var bytes = [CChar](repeating: 0, count: 4096)
    let count = readlink("/proc/self/exe", &bytes, bytes.count)
    let bundle = String(decoding: bytes.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    for candidate in [bundle] + CommandLine.arguments {
      let folder = candidate.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
      if access("\(folder)/\(name)", X_OK) == 0 { return "\(folder)/\(name)" }
    }
    throw SystemError(ENOENT, "find the program", name, advice: "swift build makes it")
  }

  /// One below those from which the kernel takes clients' ports.
  static func freePort() -> UInt16 {
    for _ in 0..<100 {
      let port = UInt16.random(in: 10_000..<32_000)
      if (try? Listener.bind(.loopback(port: port))) != nil { return port }
    }
    return 0
  }

  // MARK: - What it says

  /// The next line that has `mark`, which must come within twenty seconds; empty if it ends without.
  func line(with mark: String) -> String {
    let wanted = Array(mark.utf8)
    while let line = nextLine() {
      let text = String(decoding: line, as: UTF8.self)
      if line.indices.contains(where: { line[$0...].starts(with: wanted) }) { return text }
      passed.append(text)
    }
    return ""
  }

  /// All that it has still to say until it ends.
  func linesToTheEnd() -> [String] {
    _ = line(with: "\u{0}\u{0}")
    return passed
  }

  private func nextLine() -> [UInt8]? {
    while true {
      if let end = seen.firstIndex(of: UInt8(ascii: "\n")) {
        defer { seen.removeFirst(end + 1) }
        return Array(seen[..<end])
      }
      var waiting = pollfd(fd: output.raw, events: Int16(POLLIN), revents: 0)
      guard poll(&waiting, 1, 20_000) == 1 else { return nil }
      var block = [UInt8](repeating: 0, count: 65_536)
      let count = read(output.raw, &block, block.count)
      guard count > 0 else { return nil }
      seen += block[..<count]
    }
  }

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
