import ApusHTTP
import ApusIO
import Testing

extension `HTTP over sockets` {
  @Suite struct `A proxy's tunnel` {
    private static let ask = "Connection: Upgrade\r\nUpgrade: websocket\r\n"
    private static let switching =
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"
    private static let passed = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"

    @Test func `carries bytes both ways, early ones and those after one side ended`() async throws {
      try await ProxyFixture.run { proxy, origin in
        let client = try proxy.connect()
        try client.send("GET /ws HTTP/1.1\r\nHost: h\r\n\(Self.ask)\r\nearly")
        let connection = try #require(origin.accept())
        #expect(connection.receiveHead() == "GET /ws HTTP/1.1\r\nHost: h\r\n\(Self.ask)\r\n")
        try connection.send(Self.switching + "bird")
        #expect(connection.receive(5) == "early")
        #expect(client.receive(Self.passed.utf8.count + 4) == Self.passed + "bird")
        try client.send("to")
        #expect(connection.receive(2) == "to")
        try connection.send("fro")
        #expect(client.receive(3) == "fro")
        client.endWriting()
        #expect(connection.receiveAll() == ("", .closed))
        try connection.send("still here")
        #expect(client.receive(10) == "still here")
        connection.close()
        #expect(client.receiveAll() == ("", .closed))
        #expect(proxy.failures.all == [])
      }
    }

    @Test func `begins behind the request's body`() async throws {
      try await ProxyFixture.run { proxy, origin in
        let client = try proxy.connect()
        try client.send("POST / HTTP/1.1\r\nHost: h\r\n\(Self.ask)Content-Length: 4\r\n\r\nbodyearly")
        let connection = try #require(origin.accept())
        #expect(connection.receiveHead().contains("Content-Length: 4\r\n"))
        #expect(connection.receive(4) == "body")
        try connection.send(Self.switching)
        #expect(connection.receive(5) == "early")
      }
    }

    @Test func `does not begin before the request is whole`() async throws {
      try await ProxyFixture.run { proxy, origin in
        let client = try proxy.connect()
        try client.send("POST / HTTP/1.1\r\nHost: h\r\n\(Self.ask)Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n")
        _ = try #require(try origin.serveOne(Self.switching))
        #expect(client.receiveHead().hasPrefix("HTTP/1.1 502"))
        #expect(proxy.failures.all == ["noAnswer"])
      }
    }

    @Test func `ends when nothing moves, and not while one way is busy`() async throws {
      var limits = Limits()
      limits.tunnelIdle = .milliseconds(200)
      try await ProxyFixture.run(limits: limits) { proxy, origin in
        let client = try proxy.connect()
        try client.send("GET / HTTP/1.1\r\nHost: h\r\n\(Self.ask)\r\n")
        let served = try #require(try origin.serveOne(Self.switching))
        #expect(client.receiveHead() == Self.passed)
        for _ in 0..<20 {
          usleepForALook()
          try served.connection.send("x")
          #expect(client.receive(1) == "x")
        }
        #expect(client.receiveAll(within: .seconds(5)) == ("", .closed))
      }
    }

    /// What a caller asks to change to besides websocket alone: sent on without it, and no tunnel whatever comes back.
    @Test(arguments: [
      "Upgrade: h2c\r\n", "Upgrade: TLS/1.2\r\n", "Upgrade: websocket, h2c\r\n", "Upgrade: h2c, websocket\r\n",
      "Upgrade: websocket\r\nUpgrade: h2c\r\n", "Upgrade: websocket/13\r\n", "Upgrade: \r\n",
    ])
    func `opens for nothing but websocket`(_ field: String) async throws {
      for answer in [Self.switching, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n"]
      {
        try await ProxyFixture.run { proxy, origin in
          let client = try proxy.connect()
          try client.send("GET / HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\n\(field)\r\nsmuggled")
          let served = try #require(try origin.serveOne(answer))
          #expect(served.head == "GET / HTTP/1.1\r\nHost: h\r\n\r\n")
          #expect(client.receiveHead().hasPrefix("HTTP/1.1 502"))
          // Nothing of what came behind the request reached the upstream.
          #expect(served.connection.receiveAll(within: .seconds(2)).text == "")
          #expect(proxy.failures.all == ["noAnswer"])
        }
      }
    }

    @Test func `does not open for HTTP 1.0, which knows no upgrade`() async throws {
      try await ProxyFixture.run { proxy, origin in
        let client = try proxy.connect()
        try client.send("GET / HTTP/1.0\r\nHost: h\r\n\(Self.ask)\r\n")
        let served = try #require(try origin.serveOne(Self.switching))
        #expect(served.head == "GET / HTTP/1.1\r\nHost: h\r\n\r\n")
        #expect(client.receiveHead().hasPrefix("HTTP/1.1 502"))
      }
    }

    @Test(arguments: ["Upgrade: h2c\r\n", "Upgrade: websocket\r\nUpgrade: h2c\r\n", ""])
    func `does not open to another protocol than was asked for`(_ field: String) async throws {
      try await ProxyFixture.run { proxy, origin in
        let client = try proxy.connect()
        try client.send("GET / HTTP/1.1\r\nHost: h\r\n\(Self.ask)\r\n")
        let switching = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n\(field)\r\n"
        _ = try #require(try origin.serveOne(switching))
        #expect(client.receiveHead().hasPrefix("HTTP/1.1 502"))
        #expect(proxy.failures.all == ["noAnswer"])
      }
    }

    @Test func `opens however websocket is spelled`() async throws {
      try await ProxyFixture.run { proxy, origin in
        let client = try proxy.connect()
        try client.send("GET / HTTP/1.1\r\nHost: h\r\nConnection: keep-alive, upgrade\r\nUpgrade: WebSocket\r\n\r\n")
        let served = try #require(try origin.serveOne(Self.switching))
        #expect(served.head == "GET / HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: WebSocket\r\n\r\n")
        #expect(client.receiveHead() == Self.passed)
        try client.send("to")
        #expect(served.connection.receive(2) == "to")
      }
    }

    @Test func `passes an answer on that refuses it`() async throws {
      try await ProxyFixture.run { proxy, origin in
        let client = try proxy.connect()
        try client.send("GET / HTTP/1.1\r\nHost: h\r\n\(Self.ask)\r\n")
        _ = try #require(try origin.serveOne("HTTP/1.1 426 Upgrade Required\r\nContent-Length: 0\r\n\r\n"))
        #expect(client.receiveHead().hasPrefix("HTTP/1.1 426 "))
      }
    }
  }
}
