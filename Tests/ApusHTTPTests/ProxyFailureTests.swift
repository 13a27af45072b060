import ApusHTTP
import ApusIO
import Glibc
import Testing

extension `HTTP over sockets` {
  @Suite struct `A proxy's upstream` {
    private static let get = "GET / HTTP/1.1\r\nHost: h\r\n\r\n"
    private static let ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

    /// A first call, after which the proxy keeps an idle connection to the upstream.
    private func warmUp(_ proxy: ProxyFixture, _ origin: RawSocket, _ client: RawSocket) async throws -> RawSocket {
      try client.send(Self.get)
      let served = try #require(try origin.serveOne(Self.ok))
      #expect(client.receive(through: "ok").hasSuffix("ok"))
      #expect(try await eventually { try await proxy.idleCount == 1 })
      return served.connection
    }

    @Test func `is asked again on the same connection`() async throws {
      try await ProxyFixture.run { proxy, origin in
        let client = try proxy.connect()
        let connection = try await warmUp(proxy, origin, client)
        for _ in 0..<3 {
          try client.send(Self.get)
          #expect(connection.receiveHead() == Self.get)
          try connection.send(Self.ok)
          #expect(client.receive(through: "ok").hasSuffix("ok"))
        }
      }
    }

    @Test func `is asked on a new connection when the idle one was closed`() async throws {
      try await ProxyFixture.run { proxy, origin in
        let client = try proxy.connect()
        try await warmUp(proxy, origin, client).close()
        #expect(try await eventually { try await proxy.idleCount == 0 })
        _ = try await warmUp(proxy, origin, client)
      }
    }

    @Test(arguments: ["", "Content-Length: 3\r\n\r\nabc"])
    func `is asked once more when it took nothing`(_ rest: String) async throws {
      try await ProxyFixture.run { proxy, origin in
        let client = try proxy.connect()
        let connection = try await warmUp(proxy, origin, client)
        // The loop learns of the end only when it has the next request already.
        let loop = proxy.server.group.loops[0]
        let gate = Gate()
        loop.execute { while !gate.isOpenNow { usleep(500) } }
        try client.send(rest.isEmpty ? Self.get : "POST / HTTP/1.1\r\nHost: h\r\n" + rest)
        usleepForALook()
        connection.reset()
        gate.open()
        _ = try #require(try origin.serveOne(Self.ok))
        #expect(client.receive(through: "ok").hasPrefix("HTTP/1.1 200"))
        #expect(proxy.failures.all == [])
      }
    }

    @Test func `is not asked again when it may have acted`() async throws {
      try await ProxyFixture.run { proxy, origin in
        let client = try proxy.connect()
        let connection = try await warmUp(proxy, origin, client)
        try client.send(Self.get)
        #expect(connection.receiveHead() == Self.get)
        connection.close()
        #expect(client.receiveHead().hasPrefix("HTTP/1.1 502"))
        #expect(origin.accept(within: .milliseconds(50)) == nil)
        #expect(proxy.failures.all == ["noAnswer"])
      }
    }

    @Test func `can't leave an answer behind for the next caller`() async throws {
      try await ProxyFixture.run { proxy, origin in
        let client = try proxy.connect()
        let connection = try await warmUp(proxy, origin, client)
        try connection.send("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison")
        usleepForALook()
        try client.send(Self.get)
        _ = try #require(try origin.serveOne(Self.ok))
        #expect(client.receive(through: "ok").hasSuffix("\r\n\r\nok"))
      }
    }

    @Test func `is unreachable when nobody listens`() async throws {
      let (origin, address) = try RawSocket.listen()
      origin.close()
      try await ProxyFixture.run(to: address) { proxy in
        let (text, _) = try proxy.server.ask("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
        #expect(text.hasPrefix("HTTP/1.1 502"))
        #expect(text.contains("Nothing listens there"))
        #expect(proxy.failures.all == ["unreachable"])
      }
    }

    /// What an upstream does instead of an answer.
    @Test(arguments: [
      ("", "noAnswer"), ("HTTP/1.1 200 OK\r\nContent-Le", "noAnswer"), ("SSH-2.0-OpenSSH_9\r\n\r\n", "noAnswer"),
      ("HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", "noAnswer"),
      ("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n", "noAnswer"),
    ])
    func `ends a call without an answer by`(_ answer: String, _ failure: String) async throws {
      try await ProxyFixture.run { proxy, origin in
        let client = try proxy.connect()
        try client.send(Self.get)
        let served = try #require(try origin.serveOne(answer))
        served.connection.close()
        #expect(client.receiveHead().hasPrefix("HTTP/1.1 502"))
        #expect(proxy.failures.all == [failure])
      }
    }

    /// An answer that breaks off, and what the caller sees of it.
    @Test(arguments: [
      ("1.1", "Content-Length: 9\r\n\r\nabc", "Content-Length: 9\r\n\r\nabc", RawSocket.End.closed),
      (
        "1.1", "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", "Transfer-Encoding: chunked\r\n\r\n3\r\nabc", .closed
      ),
      ("1.0", "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", "Connection: close\r\n\r\nabc", .reset),
    ])
    func `never seems to end an answer that breaks off`(
      _ version: String, _ answer: String, _ passed: String, _ end: RawSocket.End
    ) async throws {
      try await ProxyFixture.run { proxy, origin in
        let client = try proxy.connect()
        try client.send("GET / HTTP/\(version)\r\nHost: h\r\n\r\n")
        let served = try #require(try origin.serveOne("HTTP/1.1 200 OK\r\n" + answer))
        #expect(client.receive(through: "abc").hasSuffix(passed))
        served.connection.close()
        let (rest, how) = client.receiveAll()
        #expect(!rest.contains("0\r\n"))
        #expect(how == end)
        #expect(proxy.failures.all == ["cut"])
      }
    }

    @Test(arguments: [
      ("", "expired"), ("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc", "cut"),
      ("HTTP/1.1 103 Early Hints\r\n\r\n", "expired"),
    ])
    func `has until the deadline`(_ answer: String, _ failure: String) async throws {
      try await ProxyFixture.run(deadline: .milliseconds(150)) { proxy, origin in
        let client = try proxy.connect()
        try client.send(Self.get)
        let served = try #require(try origin.serveOne(answer))
        let (text, _) = client.receiveAll(within: .seconds(1))
        #expect(text.contains("HTTP/1.1 502") == (failure == "expired"))
        #expect(proxy.failures.all == [failure])
        #expect(served.connection.receiveAll().end != .open)
      }
    }

    @Test func `can't go on past the deadline because its caller is slow`() async throws {
      try await ProxyFixture.run(deadline: .milliseconds(300)) { proxy, origin in
        let client = try proxy.connect(window: 4_096)
        try client.send(Self.get)
        let served = try #require(try origin.serveOne("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"))
        #expect(client.receiveHead().hasPrefix("HTTP/1.1 200"))
        let chunk = Array("10000\r\n".utf8) + [UInt8](repeating: 0x61, count: 65_536) + Array("\r\n".utf8)
        let start = Instant.now()
        // The upstream always has more to send, and the caller always takes a little.
        while proxy.failures.all.isEmpty, Instant.now().since(start) < .seconds(5) {
          if served.connection.sendWithoutWaiting(chunk) < chunk.count { _ = client.receiveSome(4_096) }
        }
        #expect(proxy.failures.all.first == "cut")
      }
    }

    @Test func `is let go when its caller leaves`() async throws {
      try await ProxyFixture.run { proxy, origin in
        for isStarted in [false, true] {
          let client = try proxy.connect()
          try client.send(Self.get)
          let served = try #require(
            try origin.serveOne(isStarted ? "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" : ""))
          if isStarted { #expect(client.receiveHead().hasPrefix("HTTP/1.1 200")) }
          client.close()
          #expect(served.connection.receiveAll(within: .seconds(2)).end == .closed)
        }
        #expect(try await eventually { proxy.failures.all == ["caller", "cut"] })
      }
    }

    @Test func `is let go when its caller leaves in the midst of a body`() async throws {
      try await ProxyFixture.run { proxy, origin in
        let client = try proxy.connect()
        try client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nabc")
        let connection = try #require(origin.accept())
        #expect(connection.receive(through: "abc").hasSuffix("abc"))
        client.close()
        #expect(connection.receiveAll(within: .seconds(2)).end == .closed)
        #expect(try await eventually { proxy.failures.all == ["caller"] })
      }
    }

    @Test func `is closed after it has idled too long, or beside enough others`() async throws {
      var limits = Limits()
      limits.upstreamIdle = .milliseconds(100)
      limits.idleConnections = 2
      try await ProxyFixture.run(limits: limits) { proxy, origin in
        let clients = try (0..<3).map { _ in try proxy.connect() }
        for client in clients { try client.send(Self.get) }
        let connections = try clients.map { _ in try #require(origin.accept()) }
        for connection in connections { try connection.send(Self.ok) }
        for client in clients { #expect(client.receive(through: "ok").hasSuffix("ok")) }
        #expect(try await proxy.idleCount <= 2)
        for connection in connections {
          _ = connection.receiveHead()
          #expect(connection.receiveAll(within: .seconds(2)) == ("", .closed))
        }
        #expect(try await proxy.idleCount == 0)
      }
    }

    @Test func `may be a Unix socket, and is asked once more there too when it took nothing`() async throws {
      let address = SocketAddress.unix("/tmp/apus-up-\(UInt32.random(in: 0 ... .max)).sock")
      let (origin, _) = try RawSocket.listen(on: address)
      defer { _ = shell("rm -f \(String(address.description.dropFirst(5)))") }
      try await ProxyFixture.run(to: address) { proxy in
        let client = try proxy.connect()
        let connection = try await warmUp(proxy, origin, client)
        let gate = Gate()
        proxy.server.group.loops[0].execute { while !gate.isOpenNow { usleep(500) } }
        try client.send(Self.get)
        usleepForALook()
        connection.close()
        gate.open()
        _ = try #require(try origin.serveOne(Self.ok))
        #expect(client.receive(through: "ok").hasPrefix("HTTP/1.1 200"))
      }
      origin.close()
    }
  }
}
