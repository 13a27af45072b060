import ApusHTTP
import ApusIO
import Synchronization
import Testing

extension `HTTP over sockets` {
  @Suite struct `A server that shuts down` {
    @Test func `closes idle connections now and takes no new ones`() async throws {
      try await ServerFixture.run(handler: `A server`.mirror) { server in
        let (used, fresh) = (try server.connect(), try server.connect())
        try used.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(used.receive(through: "GET / ").hasPrefix("HTTP/1.1 200"))
        #expect(try await eventually { try await server.connectionCount == 2 })
        server.server.shutDown(grace: .seconds(60))
        #expect(used.receiveAll() == ("", .closed))
        #expect(fresh.receiveAll() == ("", .closed))
        #expect(throws: SystemError.self) { try server.connect() }
      }
    }

    @Test func `lets a busy call finish, and says that the connection ends`() async throws {
      let gate = Gate()
      let handler: Server.Handler = { exchange in
        await gate.wait(on: exchange.loop)
        try? await exchange.respond(ResponseHead(), Array("done".utf8))
      }
      try await ServerFixture.run(handler: handler) { server in
        let client = try server.connect()
        try client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try await eventually { gate.arrivals == 1 })
        server.server.shutDown(grace: .seconds(60))
        server.server.shutDown(grace: .seconds(50))
        #expect(try await eventually { (try? server.connect()) == nil })
        gate.open()
        let (text, end) = client.receiveAll()
        #expect(text.contains("Connection: close\r\n"))
        #expect(text.hasSuffix("done"))
        #expect(end == .closed)
      }
    }

    @Test func `cuts what lasts longer than the grace`() async throws {
      let (gate, notes) = (Gate(), Notes())
      let handler: Server.Handler = { exchange in
        await gate.wait(on: exchange.loop)
        notes.add(Task.isCancelled ? "cancelled" : "never told")
        try? await exchange.respond(ResponseHead())
      }
      try await ServerFixture.run(handler: handler) { server in
        let (client, silent) = (try server.connect(), try server.connect())
        try client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        try silent.send("GET / HTTP/1.1\r\nHost: a\r\n")
        #expect(try await eventually { gate.arrivals == 1 })
        let start = Instant.now()
        server.server.shutDown(grace: .milliseconds(300))
        // The end comes although the handler holds on, and not before the grace is over.
        #expect(client.receiveAll() == ("", .closed))
        let elapsed = Instant.now().since(start)
        #expect(elapsed >= .milliseconds(300))
        #expect(elapsed < .seconds(5))
        #expect(silent.receiveAll().end != .open)
        gate.open()
        #expect(try await eventually { notes.all == ["cancelled"] })
      }
    }

    @Test func `does not cut an answer that is still on its way to a slow client`() async throws {
      let answered = Atomic<Int>(0)
      let handler: Server.Handler = { exchange in
        try? await exchange.respond(ResponseHead(), [UInt8](repeating: 0x64, count: 8_000))
        answered.add(1, ordering: .releasing)
      }
      try await ServerFixture.run(handler: handler) { server in
        let client = try server.connect(window: 4_096)
        // Request after request until an answer no longer fits into the kernel, and the server takes no further one.
        var asked = 0
        repeat {
          try client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
          asked += 1
        } while try await eventually(within: .milliseconds(200)) { answered.load(ordering: .acquiring) == asked }
        let count = answered.load(ordering: .acquiring)
        server.server.shutDown(grace: .seconds(60))
        let (text, _) = client.receiveAll()
        let answers = text.split(separator: "HTTP/1.1 200 OK")
        #expect(answers.count >= count)
        #expect(answers.allSatisfy { $0.hasSuffix(String(repeating: "d", count: 8_000)) })
      }
    }
  }

  @Suite struct `An upgrade` {
    /// Switches protocols and sends back what it gets, until the client ends its side.
    private static let echo: Server.Handler = { exchange in
      do {
        var fields = Fields()
        try fields.append(.upgrade, "echo")
        if exchange.head.path == "/read" { _ = try await exchange.readBody() }
        let (transport, early) = try await exchange.upgrade(ResponseHead(status: 101, fields: fields))
        var buffer = Buffer()
        buffer.append(early)
        while true {
          try await transport.write(&buffer)
          let count = try await transport.read(into: buffer.reserve(4096))
          if count == 0 { break }
          buffer.commit(count)
        }
        transport.close()
      } catch {
        guard !exchange.isStarted else { return }
        try? await exchange.respond(ResponseHead(status: 400), Array("\(error)".utf8))
      }
    }

    @Test(arguments: [
      ("GET / HTTP/1.1\r\nHost: a\r\n", "\r\nearly", "early"),
      ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n", "\r\nbodyearly", "early"),
      ("POST /read HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n", "\r\nbodyearly", "early"),
      ("POST /read HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n", "\r\n1\r\nx\r\n0\r\n\r\nearly", "early"),
    ])
    func `hands over what came behind the request`(_ head: String, _ rest: String, _ early: String) async throws {
      try await ServerFixture.run(handler: Self.echo) { server in
        let client = try server.connect()
        try client.send(head + "Connection: Upgrade\r\nUpgrade: echo\r\n" + rest)
        #expect(
          client.receiveHead() == "HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\nConnection: Upgrade\r\n\r\n")
        #expect(client.receive(early.utf8.count) == early)
        try client.send("more")
        #expect(client.receive(4) == "more")
        client.endWriting()
        #expect(client.receiveAll() == ("", .closed))
      }
    }

    @Test func `waits for the whole request`() async throws {
      try await ServerFixture.run(handler: Self.echo) { server in
        let client = try server.connect()
        try client.send(
          "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\nbody")
        #expect(client.receiveHead().hasPrefix("HTTP/1.1 400 "))
      }
    }
  }
}
