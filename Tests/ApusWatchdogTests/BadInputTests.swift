import ApusIO
import Glibc
import Testing

@Suite struct `Bad input` {
  @Test(arguments: ["streaming", "serializing"]) func `of endless fields is refused`(mode: String) throws {
    let watchdog = try RunningWatchdog.ready(["fprocess": "cat", "mode": mode])
    let answer = try watchdog.ask("GET", fields: "X-Bomb: \(String(repeating: "a", count: 60_000))\r\n")
    #expect(answer.status == 431)
    #expect(watchdog.line(with: "a request was refused").contains("431"))
    let many = try watchdog.ask("GET", fields: String(repeating: "A: b\r\n", count: 200))
    #expect(many.status == 431)
    #expect(try watchdog.health == 200)
  }

  @Test(arguments: ["streaming", "serializing"]) func `that comes too slowly is a 408`(mode: String) throws {
    let watchdog = try RunningWatchdog.ready(["fprocess": "cat", "mode": mode, "read_timeout": "200ms"])
    let connection = try watchdog.connect()
    try connection.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc")
    let answer = connection.receiveAnswer()
    // What cat has begun to answer can only be cut.
    if mode == "streaming" { #expect(!answer.isWhole || answer.status == 408) } else { #expect(answer.status == 408) }
    #expect(!watchdog.line(with: "the request failed").isEmpty)
  }

  @Test(arguments: ["streaming", "serializing"])
  func `a program that writes nothing is a 504 that names the limit`(mode: String) throws {
    let watchdog = try RunningWatchdog.script("sleep 60", ["mode": mode, "exec_timeout": "300ms"])
    let answer = try watchdog.ask()
    #expect(answer.status == 504)
    #expect(answer.body.contains("its exec_timeout of 300ms is over"))
    #expect(answer.header("X-OpenFaaS-Internal") == "of-watchdog")
    #expect(!watchdog.line(with: "the call took too long").isEmpty)
    #expect(try Processes.none(of: watchdog), "what it started is gone, too")
  }

  @Test func `a caller may give less time, and not more`() throws {
    let watchdog = try RunningWatchdog.script("sleep 60", ["exec_timeout": "2s"])
    #expect(try watchdog.ask(fields: "X-Timeout: 100ms\r\n").body.contains("its X-Timeout of 100ms is over"))
    #expect(try watchdog.ask(fields: "X-Timeout: 1h\r\n").body.contains("its exec_timeout of 2s is over"))
  }

  @Test func `a program that writes for ever is cut`() throws {
    let watchdog = try RunningWatchdog.script("yes", ["exec_timeout": "300ms"])
    let answer = try watchdog.ask()
    #expect(answer.status == 200)
    #expect(!answer.isWhole)
    #expect(!watchdog.line(with: "the call took too long").isEmpty)
    #expect(try Processes.none(of: watchdog))
  }

  @Test func `a program whose answer nobody takes is cut`() throws {
    let watchdog = try RunningWatchdog.script("yes", ["exec_timeout": "300ms"])
    let connection = try watchdog.connect()
    try connection.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    #expect(!watchdog.line(with: "the call took too long").isEmpty)
    #expect(try Processes.none(of: watchdog))
    connection.close()
  }

  @Test func `a program that exits early ends its call`() throws {
    let watchdog = try RunningWatchdog.script("exec 1>&- 2>&-; exit 0")
    #expect(try watchdog.ask("POST", body: String(repeating: "a", count: 100_000)).status == 200)
  }

  @Test func `a program that closes its output but lives on is waited for`() throws {
    let watchdog = try RunningWatchdog.script("echo all; exec 1>&- ; sleep 60", ["exec_timeout": "300ms"])
    let answer = try watchdog.ask()
    #expect(answer.body == "all\n")
    #expect(!answer.isWhole, "it was killed, so it failed")
    #expect(!watchdog.line(with: "the call took too long").isEmpty)
    let other = try RunningWatchdog.script("exec 1>&- ; sleep 60", ["exec_timeout": "300ms"])
    #expect(try other.ask().status == 504)
  }

  @Test func `what a program leaves behind with its output does not hold the call`() throws {
    let watchdog = try RunningWatchdog.script("echo all; sleep 60 & exit 0")
    let answer = try watchdog.ask()
    #expect(answer.body == "all\n")
    #expect(answer.isWhole)
    let apart = try RunningWatchdog.script("echo all; setsid sleep 3 & exit 0")
    #expect(try apart.ask().isWhole)
  }

  @Test func `a program that ignores SIGTERM is killed`() throws {
    let watchdog = try RunningWatchdog.script("trap '' TERM; echo begun; while :; do sleep 0.1; done")
    let connection = try watchdog.connect()
    try connection.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    #expect(connection.receive(through: "begun").hasSuffix("begun"))
    connection.close()
    #expect(!watchdog.line(with: "the caller left").isEmpty)
    #expect(try Processes.none(of: watchdog))
  }

  @Test func `binary on standard error forges no line`() throws {
    let watchdog = try RunningWatchdog.script(#"printf '\377\000\001\r\033[2J one\nGET / - 200\n' >&2"#)
    #expect(try watchdog.ask().status == 200)
    #expect(watchdog.line(with: "one").contains(" stderr: "))
    #expect(watchdog.line(with: "GET / - 200").contains(" stderr: GET / - 200"))
    #expect(watchdog.line(with: "GET / - 200").contains(" GET / - 200 - ContentLength: 0B"), "the true one")
  }

  @Test func `a line without an end is bounded`() throws {
    let script = "head -c 100000 /dev/zero | tr '\\0' a >&2; echo >&2; echo after >&2"
    let watchdog = try RunningWatchdog.script(script, ["log_buffer_size": "100"])
    #expect(try watchdog.ask().status == 200)
    let line = watchdog.line(with: "aaa")
    #expect(line.hasSuffix("a … (99900 bytes more)"), "\(line.count)")
    #expect(!watchdog.line(with: "after").isEmpty)
  }

  @Test func `of a stranger's protocol is refused`() throws {
    let watchdog = try RunningWatchdog.ready(["fprocess": "cat"])
    let connection = try watchdog.connect()
    try connection.send("\u{16}\u{3}\u{1}\u{2}\r\n\r\n")
    #expect(connection.receiveAnswer().status == 400)
    #expect(try watchdog.ask("CONNECT", "a:1").status == 501)
  }
}

/// What runs below a watchdog, as ps(1) sees it.
enum Processes {
  /// Waits until there is none, five seconds at most.
  static func none(of watchdog: RunningWatchdog) throws -> Bool {
    try watchdog.eventually { try count(of: watchdog) == 0 }
  }

  /// Zombies count.
  static func count(of watchdog: RunningWatchdog) throws -> Int {
    try Shell.run("ps -o pid= --ppid \(watchdog.pid)").output.split(separator: "\n").count
  }

  /// A zombie is its reaper's.
  static func isGone(_ pid: String) -> Bool {
    guard let state = try? Shell.run("ps -o stat= -p \(pid)").output.first else { return true }
    return state == "Z" || state == "\n"
  }
}
