import ApusHTTP
import ApusIO
import Testing

extension `HTTP over sockets` {
  @Suite struct `A proxy's heads` {
    private static let ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

    /// What a caller sends, and all that its upstream gets.
    @Test(arguments: [
      (
        "GET /a%2Fb//..//c;d?x=1&y=%20+%2f&z HTTP/1.1\r\nHost: h\r\n\r\n",
        "GET /a%2Fb//..//c;d?x=1&y=%20+%2f&z HTTP/1.1\r\nHost: h\r\n\r\n"
      ),
      ("GET /? HTTP/1.0\r\nHost: h\r\n\r\n", "GET /? HTTP/1.1\r\nHost: h\r\n\r\n"),
      ("OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n", "OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n"),
      // A target that names its host: the upstream sees that host and no other (RFC 9112 sections 3.2.2 and 3.2.4).
      (
        "GET http://x.test:81/p%2Fq?r=/s HTTP/1.1\r\nA: b\r\nHost: other.test\r\n\r\n",
        "GET /p%2Fq?r=/s HTTP/1.1\r\nHost: x.test:81\r\nA: b\r\n\r\n"
      ),
      ("GET HTTP://x.test HTTP/1.1\r\nHost: x.test\r\n\r\n", "GET / HTTP/1.1\r\nHost: x.test\r\n\r\n"),
      ("GET http://x.test?y HTTP/1.0\r\n\r\n", "GET /?y HTTP/1.1\r\nHost: x.test\r\n\r\n"),
      ("OPTIONS http://x.test HTTP/1.1\r\nHost: a\r\n\r\n", "OPTIONS * HTTP/1.1\r\nHost: x.test\r\n\r\n"),
      ("OPTIONS http://x.test/ HTTP/1.1\r\nHost: a\r\n\r\n", "OPTIONS / HTTP/1.1\r\nHost: x.test\r\n\r\n"),
      ("OPTIONS http://x.test?y HTTP/1.1\r\nHost: a\r\n\r\n", "OPTIONS /?y HTTP/1.1\r\nHost: x.test\r\n\r\n"),
      (
        "GET / HTTP/1.1\r\nHost: h\r\nConnection: keep-alive, x-GONE\r\nX-Gone: 1\r\nKeep-Alive: 5\r\nTE: trailers\r\n"
          + "Proxy-Connection: x\r\nTrailer: X\r\nProxy-Authorization: x\r\nUpgrade: h2c\r\nX-Stay: 2\r\n"
          + "Cookie: a=b\r\nAuthorization: c\r\nx-stay: 3\r\nEmpty:\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\nX-Stay: 2\r\nCookie: a=b\r\nAuthorization: c\r\nx-stay: 3\r\nEmpty: \r\n\r\n"
      ),
      (
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nX: y\r\n\r\nabc",
        "POST / HTTP/1.1\r\nHost: h\r\nX: y\r\nContent-Length: 3\r\n\r\nabc"
      ),
      (
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n"
      ),
      (
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\nabc",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc"
      ),
      (
        "PUT / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3;e=f\r\nabc\r\n0\r\nX-Sum: 1\r\n\r\n",
        "PUT / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX-Sum: 1\r\n\r\n"
      ),
    ])
    func `pass a request on`(_ request: String, _ forwarded: String) async throws {
      try await ProxyFixture.run { proxy, origin in
        let client = try proxy.connect()
        try client.send(request)
        let connection = try #require(origin.accept())
        #expect(connection.receive(forwarded.utf8.count) == forwarded)
        #expect(!connection.becomesReadable(within: .milliseconds(20)))
        try connection.send(Self.ok)
        #expect(client.receive(through: "ok").hasSuffix("Content-Length: 2\r\n\r\nok") || request.contains("1.0"))
      }
    }

    @Test(arguments: ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND", "get", "M-SEARCH"])
    func `pass any method on`(_ method: String) async throws {
      try await ProxyFixture.run { proxy, origin in
        let client = try proxy.connect()
        try client.send("\(method) /x HTTP/1.1\r\nHost: h\r\n\r\n")
        let served = try #require(try origin.serveOne(Self.ok))
        #expect(served.head == "\(method) /x HTTP/1.1\r\nHost: h\r\n\r\n")
        #expect(client.receive(through: "ok").hasSuffix("ok"))
      }
    }

    /// What an upstream answers to a request, and all that the caller gets of it.
    @Test(arguments: [
      (
        "GET",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nSet-Cookie: a=1\r\nset-cookie: b=2; P=/\r\nSet-Cookie: a=1\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nset-cookie: b=2; P=/\r\nSet-Cookie: a=1\r\nContent-Length: 2\r\n\r\nok"
      ),
      (
        "GET",
        "HTTP/1.1 299 Odd Phrase\r\nConnection: X-Gone, close\r\nX-Gone: 1\r\nKeep-Alive: 5\r\nUpgrade: h2\r\n"
          + "Proxy-Authenticate: x\r\nTrailer: y\r\nX-Stay: z\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 299 Odd Phrase\r\nX-Stay: z\r\nContent-Length: 0\r\n\r\n"
      ),
      (
        "GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX-Sum: 1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX-Sum: 1\r\n\r\n"
      ),
      ("HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 1234\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 1234\r\n\r\n"),
      ("GET", "HTTP/1.1 204 No Content\r\nX: y\r\n\r\n", "HTTP/1.1 204 No Content\r\nX: y\r\n\r\n"),
      ("GET", "HTTP/1.1 304 Not Modified\r\nETag: \"a\"\r\n\r\n", "HTTP/1.1 304 Not Modified\r\nETag: \"a\"\r\n\r\n"),
      (
        "GET", "HTTP/1.1 304 Not Modified\r\nContent-Length: 77\r\nETag: \"a\"\r\n\r\n",
        "HTTP/1.1 304 Not Modified\r\nETag: \"a\"\r\nContent-Length: 77\r\n\r\n"
      ),
      (
        "GET",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\n"
          + "Content-Length: 2\r\n\r\nok",
        "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
      ),
      // Interim answers are between two hops as far as Connection says so, too.
      (
        "GET",
        "HTTP/1.1 103 Early Hints\r\nConnection: X-Gone, Link-Gone\r\nX-Gone: 1\r\nLink: </a>\r\nlink-gone: 2\r\n"
          + "Keep-Alive: 5\r\nProxy-Authenticate: x\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n",
        "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n"
      ),
    ])
    func `pass an answer on, and keep both connections`(
      _ method: String, _ answer: String, _ passed: String
    ) async throws {
      try await ProxyFixture.run { proxy, origin in
        let client = try proxy.connect()
        try client.send("\(method) / HTTP/1.1\r\nHost: h\r\n\r\n")
        let served = try #require(try origin.serveOne(answer))
        #expect(client.receive(passed.utf8.count) == passed)
        try client.send("GET /again HTTP/1.1\r\nHost: h\r\n\r\n")
        let mayReuse = !answer.contains("close")
        let again = mayReuse ? served.connection : try #require(origin.accept())
        #expect(again.receiveHead().hasPrefix("GET /again HTTP/1.1"))
        try again.send(Self.ok)
        #expect(client.receive(through: "ok").hasSuffix("\r\n\r\nok"))
        #expect(proxy.failures.all == [])
      }
    }

    /// The chunks are what counts, and what follows on that connection is trusted no more (RFC 9112 section 6.1).
    @Test(arguments: [
      "Transfer-Encoding: chunked\r\nContent-Length: 2\r\n", "Content-Length: 90\r\nTransfer-Encoding: chunked\r\n",
    ])
    func `take chunks for true where an answer has a length as well`(_ fields: String) async throws {
      try await ProxyFixture.run { proxy, origin in
        let client = try proxy.connect()
        try client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
        let served = try #require(
          try origin.serveOne("HTTP/1.1 200 OK\r\n\(fields)\r\n3\r\nabc\r\n0\r\n\r\n"))
        let passed = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
        #expect(client.receive(passed.utf8.count) == passed)
        #expect(served.connection.receiveAll(within: .seconds(2)) == ("", .closed))
        try client.send("GET /again HTTP/1.1\r\nHost: h\r\n\r\n")
        _ = try #require(try origin.serveOne(Self.ok))
        #expect(client.receive(through: "ok").hasSuffix("\r\n\r\nok"))
      }
    }

    @Test(arguments: ["/", "http://other.test/"])
    func `have one host, that of the rewrite`(_ target: String) async throws {
      var rewrite = Proxy.Rewrite()
      rewrite.removed = [.host]
      rewrite.added = Array("Host: inner\r\n".utf8)
      try await ProxyFixture.run(rewrite: rewrite) { proxy, origin in
        let client = try proxy.connect()
        try client.send("GET \(target) HTTP/1.1\r\nHost: h\r\n\r\n")
        let served = try #require(try origin.serveOne(Self.ok))
        #expect(served.head == "GET / HTTP/1.1\r\nHost: inner\r\n\r\n")
        #expect(client.receive(through: "ok").hasSuffix("ok"))
      }
    }

    @Test(arguments: [
      ("1.1", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n2\r\nok\r\n0\r\n\r\n"),
      ("1.0", "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nok"),
    ])
    func `frame an answer that lasts until the upstream closes`(_ version: String, _ passed: String) async throws {
      try await ProxyFixture.run { proxy, origin in
        let client = try proxy.connect()
        try client.send("GET / HTTP/\(version)\r\nHost: h\r\nConnection: close\r\n\r\n")
        let served = try #require(try origin.serveOne("HTTP/1.0 200 OK\r\n\r\nok"))
        served.connection.close()
        #expect(client.receiveAll() == (passed, .closed))
      }
    }

    @Test func `carry what the rewrite asks for`() async throws {
      var rewrite = Proxy.Rewrite()
      rewrite.target = "/inner?q"
      rewrite.removed = [.authorization]
      rewrite.added = Array("X-Added: 1\r\n".utf8)
      rewrite.answerAdded = Array("X-Back: 2\r\n".utf8)
      try await ProxyFixture.run(rewrite: rewrite) { proxy, origin in
        let client = try proxy.connect()
        try client.send("GET /outer/inner?q HTTP/1.1\r\nHost: h\r\nAuthorization: x\r\n\r\n")
        let served = try #require(try origin.serveOne(Self.ok))
        #expect(served.head == "GET /inner?q HTTP/1.1\r\nHost: h\r\nX-Added: 1\r\n\r\n")
        #expect(client.receiveHead() == "HTTP/1.1 200 OK\r\nX-Back: 2\r\nContent-Length: 2\r\n\r\n")
      }
    }

    @Test func `name the upstream where an HTTP 1.0 caller names no host`() async throws {
      try await ProxyFixture.run { proxy, origin in
        let client = try proxy.connect()
        try client.send("GET / HTTP/1.0\r\n\r\n")
        let served = try #require(try origin.serveOne(Self.ok))
        let host = served.head.components(between: "GET / HTTP/1.1\r\nHost: 127.0.0.1:", and: "\r\n\r\n")
        #expect(host.first.flatMap { UInt16($0) } != nil)
        #expect(client.receive(through: "ok").hasSuffix("ok"))
      }
    }

    @Test func `tell an HTTP 1.0 caller that its connection stays`() async throws {
      try await ProxyFixture.run { proxy, origin in
        let client = try proxy.connect()
        try client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
        _ = try #require(try origin.serveOne(Self.ok))
        #expect(client.receiveHead() == "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\n")
      }
    }
  }
}
