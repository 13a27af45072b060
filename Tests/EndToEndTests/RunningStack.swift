import ApusIO
import ApusJSON
import ApusLauncher
import Glibc
import Testing

/// The real `apus up` on a stack and a data folder of its own; all of it goes with the test.
final class RunningStack {
  let folder: String
  private var process: Program?

  /// Of a stack that has the function hello.
  static let hello = """
    version: 1.0
    provider:
      name: openfaas
    functions:
      hello:
        lang: swift
        handler: ./hello
        image: hello:latest
    """

  /// Of a stack whose one function does not start.
  static let failing = """
    version: 1.0
    provider:
      name: openfaas
    functions:
      lifecycle-fixture:
        lang: swift
        handler: ./lifecycle-fixture
        image: lifecycle-fixture:latest
        environment:
          FIXTURE: fail
    """

  /// Started, and its table printed.
  init(_ stack: String = hello, _ more: [String] = []) throws {
    folder = try Shell.temporaryFolder()
    let file = "\(folder)/stack.yml"
    _ = try Shell.run("cat > '\(file)' <<'END'\n\(stack)\nEND\n")
    try start(file, more)
  }

  /// Of a stack that is there, among its files.
  init(file: String) throws {
    folder = try Shell.temporaryFolder()
    try start(file)
  }

  private func start(_ file: String, _ more: [String] = []) throws {
    let arguments = ["up", "-f", file, "--port", "0", "--data", "\(folder)/data"] + more
    process = try Program("apus", arguments + Program.libraries(), readsOutput: true)
  }

  deinit {
    process = nil
    _ = try? Shell.run("rm -rf '\(folder)'")
  }

  var pid: CInt { process?.pid ?? -1 }

  /// What its gateway answers to anybody.
  func curl(_ path: String) throws -> String {
    let url = "$(jq -r .gateway '\(folder)/data/run/endpoints.json')"
    return try Shell.run("curl -sS -m 20 \"\(url)\(path)\"").output
  }

  /// The next line of what it prints that has `mark`; empty if there is none before its end.
  func line(with mark: String) -> String { process?.line(with: mark) ?? "" }

  /// Ends it by `signal` and waits.
  func end(_ signal: CInt) throws -> ChildProcess.Exit? {
    defer { process = nil }
    return try process?.end(signal)
  }

  /// What the command prints on both streams, and its exit status; `arguments` as a shell reads them.
  func apus(_ arguments: String, input: String = "") throws -> (output: String, status: CInt) {
    let program = try Program.path("apus")
    let environment = "env -u OPENFAAS_URL APUS_DATA='\(folder)/data'"
    return try Shell.run("printf %s '\(input)' | \(environment) '\(program)' \(arguments) 2>&1")
  }

  /// Where its gateway listens.
  func url() throws -> String {
    let endpoints = try JSON.parse(Array(try Shell.run("cat '\(folder)/data/run/endpoints.json'").output.utf8))
    return try #require(endpoints["gateway"]?.stringValue)
  }

  /// The gateway and its children, as ps(1) sees them: all replicas, and perhaps the child that stands ready for the
  /// next.
  func descendants() throws -> [String] {
    let children = "ps -o pid= --ppid \(pid)"
    return try Shell.run("for p in $(\(children)); do echo $p; ps -o pid= --ppid $p; done").output
      .split(separator: "\n").map { $0.filter(\.isNumber) }
  }

  /// Those of `processes` that are not the child that stands ready.
  static func working(_ processes: [String]) throws -> [String] {
    try processes.filter { try Shell.run("ps -o comm= -p \($0)").output != "apus-prepared\n" }
  }

  /// Waits until none of the processes runs any more, five seconds at most; those that do.
  static func survivors(_ pids: [String]) throws -> String {
    let list = pids.joined(separator: " ")
    // A zombie has ended: it is its reaper's.
    let test = "for p in \(list); do case $(ps -o stat= -p $p) in ''|Z*) ;; *) echo $p;; esac; done"
    return try Shell.run("for i in $(seq 100); do r=$(\(test)); [ -z \"$r\" ] && exit; sleep 0.05; done; echo $r")
      .output
  }
}
