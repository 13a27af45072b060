import ApusIO
import Glibc
import Testing

@Suite struct `A program for each call, streamed` {
  @Test(arguments: [0, 1, 4096, 4097, 65_537, 3_000_000]) func `gets the body and gives the answer`(count: Int) throws {
    let watchdog = try RunningWatchdog.ready(["fprocess": "cat"])
    let body = String(repeating: "a", count: count)
    let answer = try watchdog.ask("POST", body: body)
    #expect(answer.status == 200)
    #expect(answer.isWhole)
    #expect(answer.body == body)
    #expect(answer.header("Content-Type") == "application/octet-stream")
    #expect(answer.header("X-Duration-Seconds")?.contains(".") == true)
  }

  @Test func `gets the contract's variables`() throws {
    let watchdog = try RunningWatchdog.script("env", ["content_type": "text/plain", "GREETING": "hi"])
    let answer = try watchdog.ask("PUT", "/a%20b?q=1", fields: "X-My-Header: 1\r\n", body: "x")
    for line in [
      "Http_Method=PUT", "Http_Path=/a b", "Http_Query=q=1", "Http_X_My_Header=1", "Http_Content_Length=1",
      "GREETING=hi",
    ] {
      #expect(answer.body.split(separator: "\n").contains(Substring(line)), "no \(line) in \(answer.body)")
    }
    #expect(!answer.body.contains("Http_Host"))
    #expect(answer.header("Content-Type") == "text/plain")
  }

  @Test func `answers as it writes, and reads as the body comes`() throws {
    let watchdog = try RunningWatchdog.script("while read line; do echo \"got $line\"; done")
    let connection = try watchdog.connect()
    try connection.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
    for word in ["one", "two"] {
      try connection.send("4\r\n\(word)\n\r\n")
      #expect(connection.receive(through: "got \(word)\n").hasSuffix("got \(word)\n"))
    }
    try connection.send("0\r\n\r\n")
    #expect(connection.receive(through: "0\r\n\r\n").hasSuffix("\r\n0\r\n\r\n"))
  }

  @Test func `invites a body that waits to be asked for`() throws {
    let watchdog = try RunningWatchdog.ready(["fprocess": "cat"])
    let connection = try watchdog.connect()
    try connection.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n")
    #expect(connection.receive(through: "\r\n\r\n").hasPrefix("HTTP/1.1 100 "))
    try connection.send("hi")
    #expect(connection.receive(through: "0\r\n\r\n").contains("hi"))
  }

  @Test func `that fails before its first byte is a 500`() throws {
    let watchdog = try RunningWatchdog.script("exit 3")
    let answer = try watchdog.ask()
    #expect(answer.status == 500)
    #expect(answer.body == "exit status 3\n")
    #expect(answer.header("X-OpenFaaS-Internal") == "of-watchdog")
    #expect(watchdog.line(with: "the program failed").contains("exit status 3"))
    #expect(watchdog.line(with: "GET / - ").contains("GET / - 500 - ContentLength: 14B ("))
  }

  @Test(arguments: ["no-such-program", "/etc/passwd", "/", "./not-there"])
  func `that can't be started is a 500`(process: String) throws {
    let watchdog = try RunningWatchdog.ready(["fprocess": process])
    let answer = try watchdog.ask()
    #expect(answer.status == 500)
    #expect(answer.body.contains("can't be started"))
    #expect(watchdog.line(with: "the program can't be started").contains("fprocess must name a program"))
  }

  @Test(arguments: ["echo begun; exit 1", "echo begun; kill -9 $$"])
  func `that fails after its first byte cuts the connection`(script: String) throws {
    let watchdog = try RunningWatchdog.script(script)
    let answer = try watchdog.ask()
    #expect(answer.status == 200)
    #expect(!answer.isWhole, "\(answer)")
    #expect(watchdog.line(with: "the program failed").contains("after its answer had begun"))
  }

  @Test func `that fails cuts an answer that ends with its connection, too`() throws {
    let watchdog = try RunningWatchdog.script("echo begun; exit 1")
    let connection = try watchdog.connect()
    try connection.send("GET / HTTP/1.0\r\n\r\n")
    // A plain end would make it whole: it has to be a reset.
    _ = connection.receiveAnswer()
    #expect(errno == ECONNRESET)
  }

  @Test func `may read nothing of a long body`() throws {
    let watchdog = try RunningWatchdog.ready(["fprocess": "true"])
    let answer = try watchdog.ask("POST", body: String(repeating: "a", count: 200_000))
    #expect(answer.status == 200)
    #expect(answer.bytes.isEmpty)
  }

  @Test func `is ended with its caller`() throws {
    let script = "trap 'echo ended > ended; exit' TERM; echo begun; sleep 60 & wait"
    let watchdog = try RunningWatchdog.script(script)
    let connection = try watchdog.connect()
    try connection.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    #expect(connection.receive(through: "begun").hasSuffix("begun"))
    connection.close()
    #expect(!watchdog.line(with: "the caller left").isEmpty)
    #expect(access("\(watchdog.folder)/ended", F_OK) == 0, "it was asked to end, not killed")
  }

  @Test func `has what it says on standard error in the log`() throws {
    let watchdog = try RunningWatchdog.script("echo 'one' >&2; printf 'two' >&2", ["log_callid": "true"])
    _ = try watchdog.ask("GET", "/x?secret", fields: "X-Call-Id: abc\r\n")
    let one = watchdog.line(with: "one")
    #expect(one.hasSuffix(" stderr: call_id=abc one"), "\(one)")
    // `2026/11/21 10:00:00 `
    #expect(one.dropFirst(4).first == "/" && one.dropFirst(10).first == " " && one.dropFirst(19).first == " ")
    #expect(watchdog.line(with: "two").hasSuffix("two"))
    let call = watchdog.line(with: "GET /x - ")
    #expect(call.hasSuffix("s) [abc]") && !call.contains("secret"), "\(call)")
  }

  @Test func `may have its lines as they are`() throws {
    let watchdog = try RunningWatchdog.script("echo one >&2", ["prefix_logs": "false"])
    _ = try watchdog.ask()
    #expect(watchdog.line(with: "one") == "one")
  }
}
