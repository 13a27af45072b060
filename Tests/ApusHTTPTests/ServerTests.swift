import ApusHTTP
import ApusIO
import Glibc
import Testing

extension `HTTP over sockets` {
  @Suite struct `A server` {
    /// Answers with what it was asked.
    static let mirror: Server.Handler = { exchange in
      let path = exchange.head.path
      let body = (try? await exchange.collectBody(limit: 1 << 20)) ?? []
      try? await exchange.respond(ResponseHead(), Array("\(exchange.head.method.name) \(path) ".utf8) + body)
    }

    @Test func `keeps a connection for the next request`() async throws {
      try await ServerFixture.run(handler: Self.mirror) { server in
        let client = try server.connect()
        for path in ["/a", "/b"] {
          try client.send("GET \(path) HTTP/1.1\r\nHost: a\r\n\r\n")
          #expect(client.receiveHead().withoutDate == "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n")
          #expect(client.receive(7) == "GET \(path) ")
        }
      }
    }

    @Test func `answers ten requests that came together in order, in one write`() async throws {
      try await ServerFixture.run(handler: Self.mirror) { server in
        let client = try server.connect()
        let paths = (0..<10).map { "/\($0)" }
        try client.send(paths.map { "GET \($0) HTTP/1.1\r\nHost: a\r\n\r\n" }.joined())
        let (first, _) = client.receiveSome()
        let text = String(decoding: first, as: UTF8.self)
        #expect(text.count(of: "HTTP/1.1 200 OK") == 10)
        let bodies = text.components(between: "\r\n\r\n", and: " H")
        #expect(bodies == paths.dropLast().map { "GET \($0)" })
        #expect(text.hasSuffix("GET /9 "))
      }
    }

    @Test func `answers short posts that came together in one write`() async throws {
      // The handler reads none of the bodies: what has arrived of them is skipped without a pause.
      try await ServerFixture.run(handler: { try? await $0.respond(ResponseHead(), [0x78]) }) { server in
        let client = try server.connect()
        let post = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello"
        try client.send(String(repeating: post, count: 4))
        let (first, _) = client.receiveSome()
        #expect(String(decoding: first, as: UTF8.self).count(of: "HTTP/1.1 200 OK") == 4)
      }
    }

    @Test(arguments: [
      ("HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "Content-Length: 7\r\nConnection: close\r\n\r\n"),
      ("GET / HTTP/1.0\r\n\r\n", "Content-Length: 6\r\nConnection: close\r\n\r\nGET / "),
      (
        "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "Content-Length: 6\r\nConnection: close\r\n\r\nGET / "
      ),
      (
        "POST /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
          + "3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nT: 1\r\n\r\n",
        "Content-Length: 13\r\nConnection: close\r\n\r\nPOST /x abcde"
      ),
    ])
    func `closes when that was asked for`(_ request: String, _ end: String) async throws {
      try await ServerFixture.run(handler: Self.mirror) { server in
        let (text, how) = try server.ask(request)
        #expect(text.withoutDate == "HTTP/1.1 200 OK\r\n" + end)
        #expect(how == .closed)
      }
    }

    @Test func `tells an HTTP 1.0 client that it keeps the connection`() async throws {
      try await ServerFixture.run(handler: Self.mirror) { server in
        let client = try server.connect()
        for _ in 0..<2 {
          try client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
          let head = client.receiveHead().withoutDate
          #expect(head == "HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: keep-alive\r\n\r\n")
          #expect(client.receive(6) == "GET / ")
        }
      }
    }

    @Test(arguments: [(204, "HTTP/1.1 204 No Content\r\n\r\n"), (304, "HTTP/1.1 304 Not Modified\r\n\r\n")])
    func `sends no content and no word of it with`(_ status: Int, _ answer: String) async throws {
      let handler: Server.Handler = { try? await $0.respond(ResponseHead(status: status)) }
      try await ServerFixture.run(handler: handler) { server in
        let client = try server.connect()
        for _ in 0..<2 {
          try client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
          #expect(client.receiveHead().withoutDate == answer)
        }
      }
    }

    @Test func `hands over trailers and gives back chunks with trailers`() async throws {
      let handler: Server.Handler = { exchange in
        while let bytes = try? await exchange.readBody() {
          if !exchange.isStarted { try? exchange.start(ResponseHead(), length: nil) }
          try? await exchange.write(Array(bytes))
        }
        try? await exchange.finish(trailers: exchange.requestTrailers)
      }
      try await ServerFixture.run(handler: handler) { server in
        let client = try server.connect()
        try client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")
        #expect(client.receiveHead().withoutDate == "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        #expect(client.receive(6) == "3\r\nabc")
        try client.send("1\r\nd\r\n0\r\nX-Sum: 7\r\nContent-Length: 3\r\n\r\n")
        #expect(client.receive(through: "\r\n\r\n") == "\r\n1\r\nd\r\n0\r\nX-Sum: 7\r\n\r\n")
      }
    }

    @Test func `serves on a Unix socket`() async throws {
      let path = "/tmp/apus-\(UInt32.random(in: 0 ... .max)).sock"
      try await ServerFixture.run(at: .unix(path), handler: Self.mirror) { server in
        let (text, _) = try server.ask("GET /u HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        #expect(text.hasSuffix("GET /u "))
        #expect(shell("curl -sS --unix-socket \(path) http://a/v") == "GET /v ")
      }
    }

    @Test func `spreads connections over loops that share a port`() async throws {
      let notes = Notes()
      let handler: Server.Handler = { exchange in
        notes.add("\(ObjectIdentifier(exchange.loop))")
        try? await exchange.respond(ResponseHead())
      }
      try await ServerFixture.run(loops: 3, handler: handler) { server in
        for _ in 0..<60 {
          let (_, end) = try server.ask("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
          #expect(end == .closed)
        }
        #expect(Set(notes.all).count == 3)
      }
    }

    @Test func `is understood by curl`() async throws {
      try await ServerFixture.run(handler: Self.mirror) { server in
        #expect(server.curl("URL/1 URL/2 -w '%{num_connects} '") == "GET /1 1 GET /2 0 ")
        #expect(server.curl("-d abc URL/post") == "POST /post abc")
        #expect(server.curl("-d abc -H 'Transfer-Encoding: chunked' URL/post") == "POST /post abc")
        #expect(server.curl("-d abc -H 'Expect: 100-continue' URL/post") == "POST /post abc")
        #expect(server.curl("-0 URL/zero") == "GET /zero ")
        #expect(server.curl("-I -o /dev/null -w '%{http_code}' URL/head") == "200")
        #expect(server.curl("-T /etc/hostname URL/put -o /dev/null -w '%{http_code}'") == "200")
      }
    }

    // splice(2) into a connection that has ended raises it, and its default is to end the program.
    @Test func `ignores the signal of a broken pipe`() async {
      await #expect(processExitsWith: .success) {
        signal(SIGPIPE, SIG_DFL)
        try await ServerFixture.run(handler: Self.mirror) { server in
          let (text, _) = try server.ask("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
          precondition(text.hasPrefix("HTTP/1.1 200"), "no answer")
          raise(SIGPIPE)
        }
      }
    }

    @Test func `answers a client that has ended its side`() async throws {
      try await ServerFixture.run(handler: Self.mirror) { server in
        let client = try server.connect()
        try client.send("GET /half HTTP/1.1\r\nHost: a\r\n\r\n")
        client.endWriting()
        let (text, end) = client.receiveAll()
        #expect(text.hasSuffix("GET /half "))
        #expect(end == .closed)
      }
    }
  }
}

extension String {
  /// The parts that stand between two marks.
  func components(between start: String, and end: String) -> [String] {
    var parts: [String] = []
    var rest = Substring(self)
    while let opening = rest.firstRange(of: start), let closing = rest[opening.upperBound...].firstRange(of: end) {
      parts.append(String(rest[opening.upperBound..<closing.lowerBound]))
      rest = rest[closing.upperBound...]
    }
    return parts
  }
}
