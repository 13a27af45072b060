import ApusJSON
import Glibc
import Instruments
import Testing

/// Both functions as programs of their own over one file, twice each, as a gateway scales them out.
private final class AccountPrograms {
  let folder: ScratchFolder
  /// Where the file is, as this process sees it.
  private(set) var data: String
  private(set) var creating: [UInt16] = []
  private(set) var signing: [UInt16] = []
  private var programs: [Program] = []

  /// All are started before any is ready: the first of them makes the file while the others open it.
  ///
  /// `kilobytes`: of a disk of its own that the file lies on, which takes root.
  init(count: Int = 2, kilobytes: Int? = nil) throws {
    folder = try ScratchFolder()
    data = folder.path + "/data"
    let key = try Shell.run("openssl rand -base64 32").output.filter { $0 != "\n" }
    _ = try Shell.run(
      "mkdir '\(data)' && printf %s '\(key)' >'\(folder.path)/accounts-key'"
        + " && printf %s 'sqlite:\(data)/accounts.db' >'\(folder.path)/accounts-url'")
    let disk = kilobytes.map { "mount -t tmpfs -o size=\($0)k apus-test '\(data)' && " } ?? ""
    // A mount is seen by its own program alone.
    for name in kilobytes == nil ? ["create-account", "authenticate"] : ["create-account"] {
      for _ in 0..<count {
        let port = freePort()
        let environment = [
          "port": "\(port)", "metrics_port": "0", "secret_mount_path": folder.path, "creation_per_hour": "1000",
          "LD_LIBRARY_PATH": try Program.libraries().dropFirst().joined(separator: ":"),
        ]
        let path = try BuiltProgram.path(name)
        let words = disk.isEmpty ? [path] : ["unshare", "--mount", "sh", "-c", "\(disk) exec '\(path)'"]
        programs.append(try Program(path: "/usr/bin/env", words, environment: environment))
        if name == "authenticate" { signing.append(port) } else { creating.append(port) }
      }
    }
    for program in programs {
      let ready = program.line(with: #""message":"ready""#)
      try #require(!ready.isEmpty, "\(program.passed)")
    }
    if kilobytes != nil { data = "/proc/\(programs[0].pid)/root\(data)" }
  }

  deinit { for program in programs { _ = try? program.end(SIGKILL) } }

  /// Status and `Retry-After` of that many posts at once, in turn to each of the ports; the contents stay as files.
  func post(_ body: JSON, to ports: [UInt16], times: Int = 1) throws -> [String] {
    let calls = (0..<times).map { "\($0) \(ports[$0 % ports.count])\n" }.joined()
    let curl = "curl -sS -m 60 -o '\(folder.path)/answer.'$0 -w '%{http_code} %header{retry-after}\\n'"
    let script = "\(curl) -d @'\(folder.path)/body' http://127.0.0.1:$1/"
    _ = try Shell.run("cat >'\(folder.path)/body'", input: try body.serialise())
    _ = try Shell.run("cat >'\(folder.path)/post'", input: Array(script.utf8))
    let answers = try Shell.run(
      "xargs -P \(times) -L 1 sh -c \"$(cat '\(folder.path)/post')\"", input: Array(calls.utf8))
    return answers.output.split(separator: "\n").map(String.init).sorted()
  }

  /// Credentials that a post before has answered.
  func made() throws -> JSON {
    let text = try Shell.run("grep -h recovery_codes '\(folder.path)'/answer.*").output
    return try JSON.parse(Array(text.utf8))
  }

  static func signIn(_ made: JSON) throws -> JSON {
    let secret = made["totp"]?["secret"]?.stringValue ?? ""
    let code = try Shell.run("oathtool --totp -b '\(secret)'").output.filter(\.isNumber)
    return .object([
      ("login", made["login"] ?? .null), ("password", made["password"]?["text"] ?? .null), ("totp", .string(code)),
    ])
  }
}

@Suite(.serialized, .enabled(if: Accounts.hasOathtool, "oathtool is not here"))
struct `Programs of accounts over one file` {
  private static let bob: JSON = .object([("login", .string("bob"))])
  private static let ada: JSON = .object([("login", .string("ada"))])

  @Test func `make one account of many posts, and take one code once`() throws {
    let programs = try AccountPrograms()
    let created = try programs.post(Self.ada, to: programs.creating, times: 12)
    #expect(created == ["201 "] + Array(repeating: "409 ", count: 11))
    let body = try AccountPrograms.signIn(try programs.made())
    // As many as may fail before somebody has to wait.
    let signedIn = try programs.post(body, to: programs.signing, times: 5)
    #expect(signedIn == ["200 "] + Array(repeating: "401 ", count: 4))
  }

  @Test func `answer 503 while somebody else holds the file, and go on afterwards`() throws {
    let programs = try AccountPrograms(count: 1)
    #expect(try programs.post(Self.ada, to: programs.creating) == ["201 "])
    let body = try AccountPrograms.signIn(try programs.made())
    let hold = """
      import sqlite3, sys, signal
      file = sqlite3.connect(sys.argv[1], isolation_level=None)
      file.execute("BEGIN IMMEDIATE")
      print("held", flush=True)
      signal.pause()
      """
    let holder = try Program(
      path: "/usr/bin/python3", ["-c", hold, "\(programs.data)/accounts.db"], readsOutput: true)
    try #require(!holder.line(with: "held").isEmpty)
    #expect(try programs.post(body, to: programs.signing) == ["503 5"])
    #expect(try programs.post(Self.bob, to: programs.creating) == ["503 5"])
    _ = try holder.end(SIGKILL)
    #expect(try programs.post(body, to: programs.signing) == ["200 "])
    #expect(try programs.post(Self.bob, to: programs.creating) == ["201 "])
  }

  @Test(.enabled(if: geteuid() == 0, "mounting a small disk takes root"))
  func `answer 503 while the disk is full, and nothing is half made`() throws {
    let programs = try AccountPrograms(count: 1, kilobytes: 400)
    let fill = "cat /dev/zero >'\(programs.data)/ballast' 2>/dev/null; test -s '\(programs.data)/ballast'"
    #expect(try Shell.run(fill).status == 0)
    #expect(try programs.post(Self.ada, to: programs.creating) == ["503 5"])
    #expect(try Shell.run("rm '\(programs.data)/ballast'").status == 0)
    #expect(try programs.post(Self.ada, to: programs.creating) == ["201 "])
  }
}
