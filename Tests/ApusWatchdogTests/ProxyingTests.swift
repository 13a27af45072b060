import ApusIO
import ApusLauncher
import Glibc
import Testing

@Suite struct `A program that speaks HTTP itself` {
  @Test func `is asked what was asked`() throws {
    let watchdog = try Upstreams.start()
    let answer = try watchdog.ask("GET", "/a%20b/../c?q=1&r", fields: "X-A: 1\r\nX-Call-Id: abc\r\n")
    #expect(answer.status == 200)
    #expect(answer.isWhole)
    #expect(answer.body.contains("GET /a%20b/../c?q=1&r\n"), "\(answer.body)")
    #expect(answer.body.contains("\nHost: a.example\n"), "the caller's host")
    #expect(answer.body.contains("\nX-A: 1\n") && answer.body.contains("\nX-Call-Id: abc\n"))
    #expect(answer.header("X-Own") == "yes", "and its own fields come back")
    #expect(answer.header("X-Duration-Seconds")?.split(separator: ".").last?.count == 6)
    let posted = try watchdog.ask("POST", "/echo", body: String(repeating: "a", count: 300_000))
    #expect(posted.status == 201)
    #expect(posted.bytes.count == 300_000)
    #expect(try watchdog.ask("GET", "/moved").status == 302, "redirects are the caller's")
    #expect(try watchdog.ask("DELETE", "/none").status == 204)
  }

  @Test func `may have a prefix`() throws {
    let watchdog = try Upstreams.start(prefix: "/api/")
    #expect(try watchdog.ask("GET", "/x?q").body.contains("GET /api/x?q\n"))
    #expect(
      try watchdog.ask("GET", "http://b.example/x?q").body.contains("GET /api/x?q\n"), "of an absolute target, too")
  }

  @Test func `may listen on a Unix socket`() throws {
    let environment = ["mode": "http", "fprocess": "python3 server.py own.sock", "upstream_url": "unix:own.sock"]
    let watchdog = try RunningWatchdog.ready(environment, files: ["server.py": Upstreams.source])
    #expect(try watchdog.ask("GET", "/x").body.contains("GET /x\n"))
  }

  @Test func `has what it says in the log, by stream`() throws {
    let watchdog = try Upstreams.start()
    _ = try watchdog.ask("GET", "/say")
    let lines = [watchdog.line(with: "words"), watchdog.line(with: "words")]
    #expect(lines.contains { $0.contains(" stdout: words on output") }, "\(lines)")
    #expect(lines.contains { $0.contains(" stderr: words on errors") }, "\(lines)")
  }

  @Test func `is not well before it listens, and calls wait for it`() throws {
    let port = RunningWatchdog.freePort()
    let watchdog = try RunningWatchdog(
      Upstreams.environment(port), files: ["server.py": "input = open('gate').read()\n" + Upstreams.source])
    mkfifo("\(watchdog.folder)/gate", 0o600)
    // The listener is there before the program is.
    #expect(watchdog.eventually { (try? watchdog.health) != nil })
    #expect(try watchdog.health == 503)
    #expect(try watchdog.readiness == 503)
    #expect(access("\(watchdog.folder)/.lock", F_OK) != 0)
    let early = try watchdog.connect()
    try early.send("GET /early HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    try Folder.write("open", to: "\(watchdog.folder)/gate")
    #expect(early.receiveAnswer().body.contains("GET /early\n"))
    #expect(try watchdog.health == 200)
    #expect(try watchdog.readiness == 200)
  }

  @Test func `that dies is started again, and health says so meanwhile`() throws {
    let watchdog = try Upstreams.start(before: "import os\nif os.path.exists('dead'): open('gate').read()\n")
    mkfifo("\(watchdog.folder)/gate", 0o600)
    try Folder.write("", to: "\(watchdog.folder)/dead")
    let cut = try watchdog.ask("GET", "/die")
    #expect(cut.status == 500)
    #expect(cut.header("X-OpenFaaS-Internal") == "of-watchdog")
    #expect(watchdog.line(with: "the program is started again").contains("exit status 3"))
    #expect(try watchdog.health == 503, "it is alive, and does not listen")
    let waiting = try watchdog.connect()
    try waiting.send("GET /late HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    try Folder.write("open", to: "\(watchdog.folder)/gate")
    #expect(waiting.receiveAnswer().body.contains("GET /late\n"), "the call waited")
    #expect(try watchdog.health == 200)
  }

  @Test func `that dies too often ends the watchdog`() throws {
    let watchdog = try Upstreams.start(["upstream_restarts": "0"])
    _ = try watchdog.ask("GET", "/die")
    #expect(watchdog.line(with: "the watchdog ends").contains("has terminated with exit status 3"))
    #expect(try watchdog.end().cause == .status(1))
    #expect(access("\(watchdog.folder)/.lock", F_OK) != 0)
  }

  @Test(
    arguments: [
      ("no-such-program x", "fprocess must name a program"), ("false", "before it listened on 127.0.0.1"),
      ("true", "before it listened on 127.0.0.1"),
    ])
  func `that does not come up ends the watchdog`(process: String, reason: String) throws {
    let port = RunningWatchdog.freePort()
    let watchdog = try RunningWatchdog(
      Upstreams.environment(port).merging(["fprocess": process]) { $1 })
    #expect(watchdog.line(with: "the watchdog ends").contains(reason), "\(watchdog.passed)")
    #expect(try watchdog.end().cause == .status(1))
  }

  @Test func `has a time for each call`() throws {
    let watchdog = try Upstreams.start(["exec_timeout": "300ms"])
    let answer = try watchdog.ask("GET", "/hang")
    #expect(answer.status == 504)
    #expect(answer.body.contains("its exec_timeout of 300ms is over"))
    #expect(!watchdog.line(with: "the call took too long").isEmpty)
    let cut = try watchdog.ask("GET", "/stall")
    #expect(cut.status == 200)
    #expect(!cut.isWhole)
    #expect(try watchdog.health == 200)
  }

  @Test func `that hangs up without an answer is a 500`() throws {
    let watchdog = try Upstreams.start()
    let answer = try watchdog.ask("POST", "/hangup", body: "x")
    #expect(answer.status == 500)
    #expect(answer.header("X-OpenFaaS-Internal") == "of-watchdog")
    #expect(!watchdog.line(with: "the call failed").isEmpty)
  }

  @Test func `may be given bodies whole`() throws {
    let chunked = "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
    for (name, isWhole) in [("http_buffer_req_body", true), ("buffer_http", true), ("other", false)] {
      let watchdog = try Upstreams.start([name: "true", "buffer_limit": "1000"])
      let connection = try watchdog.connect()
      try connection.send("POST /head HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\(chunked)")
      let body = connection.receiveAnswer().body
      #expect(body.contains("Content-Length: 5") == isWhole, "\(body)")
      #expect(body.contains("Transfer-Encoding: chunked") != isWhole, "\(body)")
      if isWhole {
        #expect(try watchdog.ask("POST", "/echo", body: String(repeating: "a", count: 1001)).status == 413)
      }
    }
  }
}

/// A server in Python for the tests.
enum Upstreams {
  static func environment(_ port: UInt16, prefix: String = "") -> [String: String] {
    [
      "mode": "http", "fprocess": "python3 server.py \(port)", "upstream_url": "http://127.0.0.1:\(port)\(prefix)",
      "PYTHONUNBUFFERED": "1",
    ]
  }

  /// Ready.
  static func start(
    _ environment: [String: String] = [:], prefix: String = "", before: String = ""
  ) throws -> RunningWatchdog {
    let port = RunningWatchdog.freePort()
    return try RunningWatchdog.ready(
      Self.environment(port, prefix: prefix).merging(environment) { $1 }, files: ["server.py": before + source])
  }

  static let source = """
    import http.server, os, socket, socketserver, sys, time

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = 'HTTP/1.1'
        def log_message(self, *words): pass
        def address_string(self): return 'x'
        def say(self, status, body):
            self.send_response(status)
            self.send_header('X-Own', 'yes')
            if status == 302: self.send_header('Location', '/elsewhere')
            if status != 204: self.send_header('Content-Length', str(len(body)))
            self.end_headers()
            if status != 204: self.wfile.write(body)
        def do_GET(self):
            if self.path == '/die': os._exit(3)
            if self.path == '/hang': time.sleep(60)
            if self.path == '/moved': return self.say(302, b'')
            if self.path == '/slow': time.sleep(1)
            if self.path == '/stall':
                self.send_response(200); self.send_header('Content-Length', '10'); self.end_headers()
                self.wfile.write(b'abc'); self.wfile.flush(); time.sleep(60)
            if self.path == '/say':
                print('words on output'); print('words on errors', file=sys.stderr)
            self.head()
        def head(self):
            lines = [self.command + ' ' + self.path] + [name + ': ' + value for name, value in self.headers.items()]
            self.say(200, ('\\n'.join(lines) + '\\n').encode())
        def do_POST(self):
            if self.path == '/hangup': return self.connection.shutdown(socket.SHUT_RDWR)
            if self.path == '/head':
                self.close_connection = True
                return self.head()
            self.say(201, self.rfile.read(int(self.headers['Content-Length'])))
        def do_DELETE(self): self.say(204, b'')

    place = sys.argv[1]
    if place.isdigit():
        http.server.ThreadingHTTPServer.daemon_threads = True
        http.server.ThreadingHTTPServer(('127.0.0.1', int(place)), Handler).serve_forever()
    class Local(socketserver.ThreadingMixIn, socketserver.UnixStreamServer): pass
    Local(place, Handler).serve_forever()

    """
}
