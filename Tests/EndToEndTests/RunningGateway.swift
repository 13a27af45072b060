import ApusIO
import ApusJSON
import ApusLauncher
import Glibc
import Testing

/// The real gateway as a program with a data folder of its own; both go with the test.
final class RunningGateway {
  let folder: String
  private(set) var url = ""
  private(set) var metricsURL = ""
  private var process: Program?

  private let program: String
  private let arguments: [String]
  private let environment: [String: String]
  private let ground: Ground
  /// Where it keeps what is gone with the machine: sockets, and secrets while a replica has them.
  let runtimeFolder: String

  /// What the gateway stands on, where that is not as usual.
  enum Ground {
    case usual
    /// A small file system as its data folder, which it alone sees.
    case disk(megabytes: Int)
    /// So many descriptors, and no more.
    case descriptors(Int)

    /// What is put before the gateway's own command.
    func command(_ folder: String) -> [String] {
      switch self {
      case .usual: []
      case .disk(let megabytes):
        ["unshare"] + (geteuid() == 0 ? [] : ["--user", "--map-root-user"]) + [
          "--mount", "sh", "-c", "mount -t tmpfs -o size=\(megabytes)m,mode=700 apus-test \"$0\" && exec \"$@\"",
          folder,
        ]
      case .descriptors(let count): ["sh", "-c", "ulimit -n \(count) && exec \"$@\"", "sh"]
      }
    }
  }

  /// Started, and ready.
  init(
    folder given: String? = nil, program: String? = nil, arguments: [String] = [],
    environment: [String: String] = [:], on ground: Ground = .usual
  ) throws {
    self.program = try program ?? Program.path("apus-gateway")
    self.arguments = arguments
    self.environment = environment
    self.ground = ground
    folder = try given ?? Shell.temporaryFolder()
    runtimeFolder = try Shell.temporaryFolder()
    try start()
  }

  deinit {
    process = nil
    _ = try? Shell.run("rm -rf '\(folder)' '\(runtimeFolder)'")
  }

  /// Starts it on the same folder, on free ports.
  func start() throws {
    let process = try begin()
    let ready = process.line(with: #""message":"ready""#)
    if ready.isEmpty { throw Refusal(text: process.passed.joined(separator: "\n")) }
    self.process = process
    let json = try JSON.parse(Array(ready.utf8))
    url = try #require(json["url"]?.stringValue)
    let endpoints = try Shell.run("cat '\(visibleFolder)/run/endpoints.json'").output
    metricsURL = try #require(try JSON.parse(Array(endpoints.utf8))["metrics"]?.stringValue)
  }

  /// It did not start.
  struct Refusal: Error {
    let text: String
  }

  /// What it says when it does not start, and how it ends.
  func refusal() throws -> (text: String, exit: ChildProcess.Exit) {
    let process = try begin()
    _ = process.line(with: #""message":"ready""#)
    return (process.passed.joined(separator: "\n"), try process.end(SIGTERM))
  }

  /// Starts it, and kills it so many microseconds later.
  func startAndKill(after time: UInt32) throws {
    let process = try begin()
    usleep(time)
    _ = try process.end(SIGKILL)
  }

  private func begin() throws -> Program {
    let places = ["--port", "0", "--metrics-port", "0", "--data", folder]
    let own = [program] + places + (try Program.libraries()) + arguments
    let command = ground.command(folder) + own
    return try Program(
      path: command[0].first == "/" ? command[0] : "/usr/bin/env",
      command[0].first == "/" ? Array(command.dropFirst()) : command,
      environment: ["XDG_RUNTIME_DIR": runtimeFolder].merging(environment) { $1 })
  }

  /// Its data folder as a path of ours, though it may be on a disk that the gateway alone sees.
  var visibleFolder: String {
    if case .disk = ground { "/proc/\(pid)/root\(folder)" } else { folder }
  }

  /// What it has said that nobody waited for.
  var passedLines: [String] { process?.passed ?? [] }

  var pid: CInt { process?.pid ?? -1 }

  /// The next line of its log that has `mark`.
  func line(with mark: String) -> String { process?.line(with: mark) ?? "" }

  /// Ends it by `signal` and waits.
  func end(_ signal: CInt) throws -> ChildProcess.Exit? {
    defer { process = nil }
    return try process?.end(signal)
  }

  // MARK: - Asking

  struct Answer: Equatable {
    var status: Int
    var body: String
  }

  /// What curl gets; `arguments` as a shell reads them.
  func curl(_ path: String, _ arguments: String = "") throws -> Answer {
    let output = try Shell.run("curl -sS -m 20 -w '\\n%{http_code}' \(arguments) '\(url)\(path)'").output
    let lines = output.split(separator: "\n", omittingEmptySubsequences: false)
    return Answer(status: Int(lines.last ?? "") ?? 0, body: lines.dropLast().joined(separator: "\n"))
  }

  /// The administrator's, as curl takes them.
  var credentials: String {
    let file = "\(visibleFolder)/auth/basic-auth-"
    return "-u \"$(cat \(file)user):$(cat \(file)password)\""
  }

  /// As the administrator.
  func admin(_ path: String, _ arguments: String = "") throws -> Answer {
    try curl(path, "\(credentials) \(arguments)")
  }

  /// Uploads the built program as an artefact and deploys it.
  func deploy(_ program: String, as name: String, _ members: String = "") throws {
    let path = try Program.path(program)
    let tar = "\(folder)/\(name).tar"
    _ = try Shell.run("tar -C / -cf '\(tar)' --transform 's,.*,handler,' '\(path)' 2>&1")
    let upload = try admin("/system/artefacts/\(name)", "-X PUT --data-binary @'\(tar)'")
    try #require(upload.status == 200, "\(upload.body)")
    let body = #"{"service":"\#(name)","image":"\#(name):latest"\#(members)}"#
    let answer = try admin("/system/functions", "-X POST -d '\(body)'")
    try #require(answer.status == 202, "\(answer.body)")
  }

  /// Waits until the function has a replica that takes calls, as `faas-cli ready` does; twenty seconds at most.
  func isReady(_ name: String) throws -> Bool {
    try Shell.run(
      "for i in $(seq 400); do curl -sS -m 5 \(credentials) '\(url)/system/function/\(name)?usage=1'"
        + " | grep -q '\"state\":\"ready\"' && exit 0; sleep 0.05; done; exit 1"
    ).status == 0
  }

  /// Waits until the version that was deployed last serves, as long.
  func isRolledOut(_ name: String) throws -> Bool {
    try Shell.run(
      "for i in $(seq 400); do curl -sS -m 5 \(credentials) '\(url)/system/function/\(name)'"
        + " | grep -q '\"rollout\"' || exit 0; sleep 0.05; done; exit 1"
    ).status == 0
  }

  /// Waits until it has none, as long.
  func isAsleep(_ name: String) throws -> Bool {
    try Shell.run(
      "for i in $(seq 400); do curl -sS -m 5 \(credentials) '\(url)/system/function/\(name)'"
        + " | grep -q '\"replicas\":0' && exit 0; sleep 0.05; done; exit 1"
    ).status == 0
  }

  /// What `/system/function` says of it.
  func status(_ name: String, _ query: String = "") throws -> JSON {
    try JSON.parse(Array(try admin("/system/function/\(name)\(query)").body.utf8))
  }

  /// One sample of the metrics page.
  func metric(_ series: String) throws -> Double? {
    let page = try Shell.run("curl -sS -m 5 '\(metricsURL)'").output
    return page.split(separator: "\n").first { $0.hasPrefix(series + " ") }.flatMap {
      $0.split(separator: " ").last.flatMap { Double($0) }
    }
  }
}
