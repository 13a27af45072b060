import ApusHTTP
import ApusIO
import Testing

extension `HTTP over sockets` {
  @Suite struct `Events through a proxy` {
    private static func head(_ type: String) -> String {
      "HTTP/1.1 200 OK\r\nContent-Type: \(type)\r\nTransfer-Encoding: chunked\r\n\r\n"
    }

    @Test(arguments: ["text/event-stream", "Text/Event-Stream; charset=utf-8", "text/event-stream ;x"])
    func `outlive the call's deadline as long as they come, and are cut when they do not`(type: String) async throws {
      try await ProxyFixture.run(deadline: .milliseconds(100), streamIdle: .milliseconds(500)) { proxy, origin in
        let client = try proxy.connect()
        try client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
        let served = try #require(try origin.serveOne(Self.head(type)))
        #expect(client.receiveHead().hasPrefix("HTTP/1.1 200"))
        for _ in 0..<20 {
          usleepForALook()
          try served.connection.send("1\r\nx\r\n")
        }
        let (text, end) = client.receiveAll(within: .seconds(5))
        #expect(text.filter { $0 == "x" }.count == 20)
        #expect(end != .open)
        #expect(!text.hasSuffix("0\r\n\r\n"))
        #expect(try await eventually { proxy.failures.all == ["cut"] })
      }
    }

    @Test(arguments: ["text/plain", "text/event-streams", "text/event", "x; y=text/event-stream"])
    func `are known by their type, and nothing else is taken for them`(type: String) async throws {
      try await ProxyFixture.run(deadline: .milliseconds(100), streamIdle: .seconds(60)) { proxy, origin in
        let client = try proxy.connect()
        try client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
        _ = try #require(try origin.serveOne(Self.head(type)))
        #expect(client.receiveAll(within: .seconds(5)).1 != .open)
      }
    }

    @Test func `have the deadline until they begin`() async throws {
      try await ProxyFixture.run(deadline: .milliseconds(100), streamIdle: .seconds(60)) { proxy, origin in
        let client = try proxy.connect()
        try client.send("GET / HTTP/1.1\r\nHost: h\r\nAccept: text/event-stream\r\n\r\n")
        let connection = try #require(origin.accept())
        _ = connection.receiveHead()
        #expect(client.receiveHead().hasPrefix("HTTP/1.1 502"))
        #expect(proxy.failures.all == ["expired"])
      }
    }

    @Test func `and tunnels alike end after their own silence, not after that of the connection's limits`() async throws
    {
      try await ProxyFixture.run(streamIdle: .milliseconds(100)) { proxy, origin in
        let client = try proxy.connect()
        try client.send("GET / HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
        let switching = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"
        _ = try #require(try origin.serveOne(switching))
        _ = client.receiveHead()
        #expect(client.receiveAll(within: .seconds(5)).1 == .closed)
      }
    }
  }
}
