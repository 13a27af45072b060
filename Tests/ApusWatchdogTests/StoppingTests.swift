import ApusIO
import ApusLauncher
import Glibc
import Testing

@Suite struct `A watchdog that is asked to end` {
  private static let holding = "echo begun; echo begun >&2; read line < gate; echo done"

  @Test(arguments: [SIGTERM, SIGINT]) func `lets a call end first`(signal: CInt) throws {
    let watchdog = try RunningWatchdog.script(Self.holding)
    mkfifo("\(watchdog.folder)/gate", 0o600)
    let call = try watchdog.connect()
    try call.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    #expect(!watchdog.line(with: "begun").isEmpty)
    watchdog.send(signal)
    #expect(watchdog.line(with: "stopping").contains("1"))
    #expect(access("\(watchdog.folder)/.lock", F_OK) != 0)
    #expect(watchdog.eventually { (try? watchdog.connect()) == nil }, "nobody listens any more")
    try Folder.write("go\n", to: "\(watchdog.folder)/gate")
    let answer = call.receiveAnswer()
    #expect(answer.body == "begun\ndone\n" && answer.isWhole)
    #expect(try watchdog.end().cause == .status(0))
  }

  @Test func `does not kill the program of http mode under a call`() throws {
    // Its program does not trap SIGTERM.
    let watchdog = try Upstreams.start()
    let call = try watchdog.connect()
    try call.send("GET /slow HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    #expect(
      watchdog.eventually {
        (try? Shell.run("ss -Htn state established 'sport = :\(watchdog.address.port ?? 0)'").output.isEmpty) == false
      })
    watchdog.send(SIGTERM)
    #expect(call.receiveAnswer().body.contains("GET /slow\n"))
    #expect(try watchdog.end().cause == .status(0))
  }

  @Test func `serves on for the pause, and says that it is not ready`() throws {
    let watchdog = try RunningWatchdog.ready(["fprocess": "cat", "healthcheck_interval": "1s"])
    watchdog.send(SIGTERM)
    #expect(!watchdog.line(with: "stopping").isEmpty)
    #expect(try watchdog.health == 503)
    #expect(try watchdog.readiness == 503)
    #expect(try watchdog.ask("POST", body: "late").body == "late")
    #expect(try watchdog.end().cause == .status(0))
  }

  @Test(arguments: ["streaming", "serializing"]) func `cuts what takes longer than it may`(mode: String) throws {
    let watchdog = try RunningWatchdog.script(
      "echo begun >&2; sleep 60", ["write_timeout": "300ms", "mode": mode])
    let call = try watchdog.connect()
    try call.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    #expect(!watchdog.line(with: "begun").isEmpty)
    let children = try Shell.run("ps -o pid= --ppid \(watchdog.pid)").output.filter(\.isNumber)
    #expect(try watchdog.end(SIGTERM).cause == .status(1))
    #expect(watchdog.eventually { Processes.isGone(children) }, "its program is gone, too")
  }

  @Test func `kills a program of http mode that does not end when asked to`() throws {
    let port = RunningWatchdog.freePort()
    let ignoring = "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    let watchdog = try RunningWatchdog.ready(
      Upstreams.environment(port), files: ["server.py": ignoring + Upstreams.source])
    let child = try Shell.run("ps -o pid= --ppid \(watchdog.pid)").output.filter(\.isNumber)
    #expect(try watchdog.end(SIGTERM).cause == .status(0))
    #expect(watchdog.linesToTheEnd().contains { $0.contains("did not end when asked to and is killed") })
    #expect(watchdog.eventually { Processes.isGone(child) })
  }

  @Test func `ends the whole group of its program`() throws {
    let port = RunningWatchdog.freePort()
    let starting = "import subprocess\nprint('child', subprocess.Popen(['sleep', '60']).pid)\n"
    let watchdog = try RunningWatchdog(Upstreams.environment(port), files: ["server.py": starting + Upstreams.source])
    let said = watchdog.line(with: "stdout: child ")
    let grandchild = String(said.split(separator: " ").last ?? "")
    #expect(!Processes.isGone(grandchild))
    #expect(!watchdog.line(with: "\"ready\"").isEmpty)
    #expect(try watchdog.end(SIGTERM).cause == .status(0))
    #expect(watchdog.eventually { Processes.isGone(grandchild) })
  }

  @Test func `ends at once when asked twice`() throws {
    let watchdog = try RunningWatchdog.script("echo begun >&2; sleep 60")
    let call = try watchdog.connect()
    try call.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    #expect(!watchdog.line(with: "begun").isEmpty)
    watchdog.send(SIGTERM)
    #expect(!watchdog.line(with: "stopping").isEmpty)
    #expect(try watchdog.end(SIGTERM).cause == .status(1))
  }

  @Test func `ends though its program never came up`() throws {
    let watchdog = try RunningWatchdog([
      "mode": "http", "fprocess": "sleep 60", "upstream_url": "http://127.0.0.1:\(RunningWatchdog.freePort())",
    ])
    #expect(watchdog.eventually { (try? watchdog.health) == 503 })
    #expect(try watchdog.end(SIGTERM).cause == .status(0))
  }

  @Test func `buries orphans where they are its own`() throws {
    // What is left behind has left its group, so that nobody else ends it, and ends by itself.
    let script = "setsid sh -c 'sleep 0.2 & exit' >/dev/null 2>&1 </dev/null; echo done"
    let watchdog = try RunningWatchdog.ready(
      ["fprocess": "bash script.sh"], files: ["script.sh": script], adoptsOrphans: true)
    for _ in 0..<5 { #expect(try watchdog.ask().body == "done\n") }
    #expect(try Processes.none(of: watchdog))
  }
}

@Suite struct `Many calls` {
  private struct Holdings: Equatable, CustomStringConvertible {
    var descriptors: Int
    var threads: Int
    var children: Int
    var description: String { "\(descriptors) descriptors, \(threads) threads, \(children) children" }
  }

  private static func holdings(of watchdog: RunningWatchdog) throws -> Holdings {
    let count = { (path: String) in
      try Shell.run("ls '/proc/\(watchdog.pid)/\(path)' | wc -l").output.filter(\.isNumber)
    }
    return Holdings(
      descriptors: Int(try count("fd")) ?? -1, threads: Int(try count("task")) ?? -1,
      children: try Processes.count(of: watchdog))
  }

  /// Good and bad ones: answers, failures, time-outs, callers that leave, bodies that nobody reads.
  @Test(arguments: ["streaming", "serializing"]) func `leave nothing behind in the long run`(mode: String) throws {
    let script = """
      case $Http_Path in
        /fail) exit 1;; /late) sleep 5;; /unread) exit 0;; /closed) exec 1>&-; exit 0;; /noise) printf '\\377\\0' >&2;;
        *) cat;;
      esac
      """
    let watchdog = try RunningWatchdog.script(
      script, ["mode": mode, "log_calls": "false", "prefix_logs": "false", "exec_timeout": "2s"])
    let paths = ["/", "/fail", "/unread", "/closed", "/noise", "/"]
    let round = { (count: Int) in
      for index in 0..<count {
        if index % 100 == 50 {
          _ = try watchdog.ask("GET", "/late", fields: "X-Timeout: 5ms\r\n")
        } else if index % 100 == 51 {
          let leaving = try watchdog.connect()
          try leaving.send("GET /late HTTP/1.1\r\nHost: x\r\n\r\n")
          leaving.close()
        } else {
          _ = try watchdog.ask("POST", paths[index % paths.count], body: String(repeating: "a", count: index % 10_000))
        }
      }
    }
    try round(110)
    #expect(try Processes.none(of: watchdog))
    let before = try Self.holdings(of: watchdog)
    try round(getenv("APUS_SOAK") == nil ? 300 : 10_000)
    #expect(try Processes.none(of: watchdog))
    let isAsBefore = try watchdog.eventually { try Self.holdings(of: watchdog) == before }
    let left = try Self.holdings(of: watchdog)
    #expect(isAsBefore, "\(before) before, \(left) after")
    // The count can see one more.
    let extra = try watchdog.connect()
    #expect(try watchdog.eventually { try Self.holdings(of: watchdog) != before })
    extra.close()
  }

  @Test func `to a program of http mode leave nothing behind in the long run`() throws {
    // A caller that left before it was looked at may have ended its side only: it is waited for.
    let watchdog = try Upstreams.start(["log_calls": "false", "exec_timeout": "2s"])
    let round = { (count: Int) in
      for index in 0..<count {
        switch index % 50 {
        case 7: _ = try watchdog.ask("GET", "/hang", fields: "X-Timeout: 5ms\r\n")
        case 9: _ = try watchdog.ask("POST", "/hangup", body: "x")
        case 11:
          let leaving = try watchdog.connect()
          try leaving.send("GET /hang HTTP/1.1\r\nHost: x\r\n\r\n")
          leaving.close()
        default: _ = try watchdog.ask("POST", "/echo", body: String(repeating: "a", count: index % 5_000))
        }
      }
    }
    try round(60)
    // Idle connections to the program stay half a second.
    usleep(1_000_000)
    let before = try Self.holdings(of: watchdog)
    try round(getenv("APUS_SOAK") == nil ? 300 : 10_000)
    let isAsBefore = try watchdog.eventually { try Self.holdings(of: watchdog) == before }
    let left = try Self.holdings(of: watchdog)
    #expect(isAsBefore, "\(before) before, \(left) after")
  }
}
