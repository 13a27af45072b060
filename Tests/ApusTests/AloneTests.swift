import ApusIO
import ApusLauncher
import Glibc
import Instruments
import Testing

@Suite struct `A function that runs alone` {
  @Test func `answers on its port, and says so`() async throws {
    let hello = try StartedProgram.alone("hello")
    let ready = hello.errors(through: "\"ready\"")
    #expect(ready.contains("http://\(hello.address)"), "\(ready)")
    let answer = try hello.ask("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nAda")
    #expect(answer.status == 200)
    #expect(answer.body == "Hello, Ada!")
    #expect(try hello.ask("GET /any HTTP/1.1\r\nHost: x\r\n\r\n").body == "Hello, World!")
    hello.send(SIGTERM)
    #expect(try await hello.end().cause == .status(0))
  }

  @Test func `is healthy and ready to those who ask by GET`() async throws {
    let hello = try StartedProgram.alone("hello")
    _ = hello.errors(through: "\"ready\"")
    #expect(try hello.ask("GET /_/health HTTP/1.1\r\nHost: x\r\n\r\n").body == "OK")
    #expect(try hello.ask("GET /_/ready HTTP/1.1\r\nHost: x\r\n\r\n").status == 200)
    for method in ["POST", "HEAD", "PUT"] {
      for path in ["/_/health", "/_/ready"] {
        let answer = try hello.ask("\(method) \(path) HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")
        #expect(answer.status == 405)
        #expect(answer.header("Allow") == "GET")
      }
    }
    #expect(try hello.ask("GET /_/other HTTP/1.1\r\nHost: x\r\n\r\n").body == "Hello, World!", "it is the function's")
  }

  @Test(arguments: [("/hello?x", 200), ("hello", 200)]) func `asks its ready_path`(path: String, status: Int) throws {
    let hello = try StartedProgram.alone("hello", ["ready_path": path])
    _ = hello.errors(through: "\"ready\"")
    let answer = try hello.ask("GET /_/ready HTTP/1.1\r\nHost: x\r\n\r\n")
    #expect(answer.status == status)
    #expect(answer.body == "Hello, World!")
  }

  @Test func `has a metrics page with the contract's names`() async throws {
    let port = freePort()
    let hello = try StartedProgram.alone("hello", ["metrics_port": "\(port)"])
    _ = hello.errors(through: "\"ready\"")
    _ = try hello.ask("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    _ = try hello.ask("INVENTED / HTTP/1.1\r\nHost: x\r\n\r\n")
    _ = try hello.ask("GET / HTTP/1.1\r\n\r\n")
    let client = try RawClient(.loopback(port: port))
    try client.send("GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    let page = client.receiveAnswer()
    #expect(page.header("Content-Type")?.hasPrefix("text/plain; version=0.0.4") == true)
    for line in [
      "# TYPE http_requests_total counter", "# HELP http_requests_total total HTTP requests processed",
      "http_requests_total{code=\"200\",method=\"get\"} 1", "http_requests_total{code=\"200\",method=\"unknown\"} 1",
      "# TYPE http_request_duration_seconds histogram",
      "http_request_duration_seconds_count{code=\"200\",method=\"get\"} 1",
      "http_request_duration_seconds_bucket{code=\"200\",method=\"get\",le=\"0.005\"}",
      "# TYPE http_requests_in_flight gauge", "http_requests_in_flight 0",
      "http_requests_refused_total{code=\"400\"} 1",
    ] {
      #expect(page.body.contains(line), "no \(line) in:\n\(page.body)")
    }
    #expect(!page.body.contains("/_/"), "nor are probes counted")
    if access("/usr/bin/promtool", X_OK) == 0 {
      let complaints = try Shell.run("/usr/bin/promtool check metrics 2>&1", input: Array(page.body.utf8))
      #expect(complaints.output.isEmpty && complaints.status == 0, "\(complaints)")
    }
    #expect(try hello.ask("GET / HTTP/1.1\r\nHost: x\r\n\r\n", at: .loopback(port: port)).status == 404)
  }

  @Test func `goes on without a metrics page when its port is taken`() throws {
    let taken = freePort()
    let holder = try Listener.bind(.loopback(port: taken))
    let hello = try StartedProgram.alone("hello", ["metrics_port": "\(taken)"])
    let said = hello.errors(through: "\"ready\"")
    #expect(said.contains("\"warning\""), "\(said)")
    #expect(said.contains("metrics_port"), "\(said)")
    #expect(try hello.ask("GET / HTTP/1.1\r\nHost: x\r\n\r\n").status == 200)
    _ = holder
  }

  @Test func `does not start on a port that is taken, and says why`() async throws {
    let taken = freePort()
    let holder = try Listener.bind(.loopback(port: taken))
    let hello = try StartedProgram.alone("hello", ["port": "\(taken)"])
    let said = hello.errorsToTheEnd()
    #expect(said.contains("127.0.0.1:\(taken)"), "\(said)")
    #expect(said.contains("choose another port"), "\(said)")
    #expect(try await hello.end().cause == .status(1))
    _ = holder
  }

  @Test func `promises nobody a tunnel`() throws {
    let hello = try StartedProgram.alone("hello")
    _ = hello.errors(through: "\"ready\"")
    #expect(try hello.ask("CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n").status == 501)
  }

  @Test func `serves on and ends when asked while nobody reads its lines`() async throws {
    let hello = try StartedProgram.alone("hello", ["log_calls": "true"])
    _ = hello.errors(through: "\"ready\"")
    // A pipe holds 64 KiB, some 400 lines.
    for _ in 0..<1_000 {
      #expect(try hello.ask("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").status == 200)
    }
    hello.send(SIGTERM)
    #expect(try await hello.end().cause == .status(0))
  }

  @Test func `gives no number below three to a file of its own`() throws {
    let (port, page) = (freePort(), freePort())
    let start = "port=\(port) metrics_port=\(page) \(try BuiltProgram.path("hello")) <&- >&- 2>&- & pid=$!"
    let wait = "curl -s --retry 50 --retry-connrefused --retry-delay 0 -o /dev/null http://127.0.0.1:\(port)/"
    let look = "for n in 0 1 2; do readlink /proc/$pid/fd/$n; done; kill $pid; wait $pid"
    let answer = try Shell.run("\(start); \(wait); \(look)")
    #expect(answer.output == String(repeating: "/dev/null\n", count: 3))
  }

  @Test func `names the settings that it could not use`() throws {
    let hello = try StartedProgram.alone("hello", ["exec_timeout": "soon"])
    let said = hello.errors(through: "\"ready\"")
    #expect(said.contains("exec_timeout is \\\"soon\\\", expected seconds"), "\(said)")
  }

  @Test func `writes one line for each call if it is to`() throws {
    let hello = try StartedProgram.alone("hello", ["log_calls": "true"])
    _ = hello.errors(through: "\"ready\"")
    let request = "GET /secret-free?token=hidden HTTP/1.1\r\nHost: x\r\nX-Call-Id: a\"b\r\n\r\n"
    let answer = try hello.ask(request)
    let line = hello.errors(through: "call_id")
    let id = try #require(answer.header("X-Call-Id"))
    #expect(line.contains("GET /secret-free\""), "\(line)")
    #expect(line.contains("\"call_id\":\"\(id)\""), "\(line)")
    #expect(!line.contains("hidden"), "\(line)")
  }
}
