import ApusIO
import ApusLauncher
import Glibc
import Testing

@Suite struct `What the platform asks of a watchdog` {
  @Test func `is answered to GET alone`() throws {
    let watchdog = try RunningWatchdog.ready(["fprocess": "cat"])
    #expect(try watchdog.ask("GET", "/_/health").body == "OK")
    let ready = try watchdog.ask("GET", "/_/ready")
    #expect(ready.status == 200 && ready.bytes.isEmpty)
    for method in ["POST", "HEAD", "PUT"] {
      for path in ["/_/health", "/_/ready"] { #expect(try watchdog.ask(method, path, body: "").status == 405) }
    }
    #expect(try watchdog.ask("POST", "/_/other", body: "x").body == "x", "it is the function's")
  }

  @Test func `is answered by the function where it says so`() throws {
    let watchdog = try RunningWatchdog.script(
      "[ $Http_Path = /ready ] && [ \"$Http_Query\" = a ] && echo yes; exit $(cat status)",
      ["ready_path": "/ready?a", "mode": "serializing"], files: ["status": "0"])
    #expect(try watchdog.ask("GET", "/_/ready").body == "yes\n")
    try Folder.write("1", to: "\(watchdog.folder)/status")
    #expect(try watchdog.readiness == 500)
    #expect(try watchdog.health == 200)
  }

  @Test func `is asked of the lock file, too`() throws {
    let watchdog = try RunningWatchdog.ready(["fprocess": "cat"])
    let lock = "\(watchdog.folder)/.lock"
    let program = try RunningWatchdog.path("apus-watchdog")
    let check = { (flag: String) in try Shell.run("TMPDIR='\(watchdog.folder)' '\(program)' \(flag)").status }
    #expect(try Shell.run("stat -c '%s %a' '\(lock)'").output.hasPrefix("0 6"))
    #expect(try check("-run-healthcheck") == 0)
    #expect(try check("--run-healthcheck") == 0)
    unlink(lock)
    #expect(try watchdog.health == 503, "whoever takes it away wants no calls")
    #expect(try watchdog.readiness == 503)
    #expect(try check("-run-healthcheck") == 1)
  }

  @Test func `is well without a lock file where none is made`() throws {
    let watchdog = try RunningWatchdog.ready(["fprocess": "cat", "suppress_lock": "true"])
    #expect(access("\(watchdog.folder)/.lock", F_OK) != 0)
    #expect(try watchdog.health == 200)
    #expect(try watchdog.readiness == 200)
  }

  @Test func `ends a start that can make no lock file`() throws {
    let watchdog = try RunningWatchdog(["fprocess": "cat", "TMPDIR": "/no/such/folder"])
    #expect(watchdog.line(with: "the watchdog ends").contains("suppress_lock leaves it out"))
    #expect(try watchdog.end().cause == .status(1))
  }

  @Test func `has the metrics of the contract`() throws {
    let watchdog = try RunningWatchdog.ready(["fprocess": "false"])
    _ = try watchdog.ask("GET", "/")
    _ = try watchdog.ask("GET", "/_/health")
    let page = try watchdog.ask("GET", "/metrics", at: watchdog.metrics).body
    for line in [
      "http_requests_total{code=\"500\",method=\"get\"} 1",
      "http_request_duration_seconds_count{code=\"500\",method=\"get\"} 1", "http_requests_in_flight 0",
    ] {
      #expect(page.contains(line), "no \(line) in \(page)")
    }
  }

  @Test func `is told its version`() throws {
    let program = try RunningWatchdog.path("apus-watchdog")
    for flag in ["-version", "--version"] {
      let answer = try Shell.run("'\(program)' \(flag)")
      #expect(answer.status == 0 && answer.output.hasPrefix("apus-watchdog "))
    }
    #expect(try Shell.run("'\(program)' --nonsense 2>/dev/null").status == 2)
  }

  @Test func `hears of every wrong setting, and then there is no start`() throws {
    let watchdog = try RunningWatchdog(["mode": "magic", "write_timeout": "0", "max_inflight": "x"])
    let lines = watchdog.linesToTheEnd()
    for name in ["mode is", "write_timeout is"] { #expect(lines.contains { $0.contains(name) }, "\(lines)") }
    #expect(try watchdog.end().cause == .status(1))
    let warned = try RunningWatchdog.ready(["fprocess": "cat", "max_inflight": "x"])
    #expect(warned.passed.contains { $0.contains("max_inflight is") && $0.contains("a whole number") })
  }
}

@Suite struct `A limit of calls at once` {
  @Test(arguments: ["streaming", "serializing"]) func `is kept, and said`(mode: String) throws {
    let script = "[ $Http_Path = /hold ] && { echo begun >&2; read line < gate; }; echo done"
    let watchdog = try RunningWatchdog.script(script, ["max_inflight": "1", "mode": mode])
    mkfifo("\(watchdog.folder)/gate", 0o600)
    let first = try watchdog.connect()
    try first.send("GET /hold HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    #expect(!watchdog.line(with: "begun").isEmpty)
    let refused = try watchdog.ask()
    #expect(refused.status == 429)
    #expect(refused.body == "Concurrent request limit exceeded. Max concurrent requests: 1\n")
    #expect(refused.header("Content-Type") == "text/plain")
    #expect(refused.header("X-OpenFaaS-Internal") == "faas-middleware")
    #expect(refused.header("Retry-After") == nil)
    #expect(try watchdog.readiness == 429)
    #expect(try watchdog.health == 200)
    try Folder.write("go\n", to: "\(watchdog.folder)/gate")
    #expect(first.receiveAnswer().body == "done\n")
    #expect(try watchdog.eventually { try watchdog.readiness == 200 })
    #expect(try watchdog.ask().body == "done\n")
  }
}
