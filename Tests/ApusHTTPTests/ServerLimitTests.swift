import ApusHTTP
import ApusIO
import Glibc
import Testing

extension `HTTP over sockets` {
  @Suite struct `A server's limits` {
    private static func limits(_ change: (inout Limits) -> Void) -> Limits {
      var limits = Limits()
      limits.lingerTime = .milliseconds(200)
      change(&limits)
      return limits
    }

    /// Every wire error, as the request that makes it.
    @Test(arguments: [
      ("GET /\r\n\r\n", 400), ("GET / HTTP/1.1\r\n\r\n", 400), ("GET / HTTP/2.0\r\n\r\n", 505),
      ("GET / HTTP/1.1\nHost: a\n\n", 400), ("\u{16}\u{03}\u{01}\r\n\r\n", 400),
      ("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400), ("GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400),
      ("GET / HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n", 400), ("GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400),
      ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n", 400),
      ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\n", 400),
      ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
      ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n", 501),
      ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5000000000\r\n\r\n", 413),
      ("GET /\(String(repeating: "a", count: 9_000)) HTTP/1.1\r\nHost: a\r\n\r\n", 414),
      ("GET / HTTP/1.1\r\nHost: a\r\nX: \(String(repeating: "a", count: 40_000))\r\n\r\n", 431),
      ("GET / HTTP/1.1\r\nHost: a\r\n\(String(repeating: "X: 1\r\n", count: 200))\r\n", 431),
      ("\(String(repeating: "A", count: 30)) / HTTP/1.1\r\nHost: a\r\n\r\n", 501),
    ])
    func `say what was wrong, and close`(_ request: String, _ status: Int) async throws {
      try await ServerFixture.run(limits: Self.limits { _ in }, handler: `A server`.mirror) { server in
        // A good request before it is still answered first.
        let (text, end) = try server.ask("GET /a HTTP/1.1\r\nHost: a\r\n\r\n" + request)
        let answer = (text + "\u{0}").components(between: "GET /a ", and: "\n\u{0}").first ?? ""
        #expect(answer.hasPrefix("HTTP/1.1 \(status) "))
        #expect(answer.contains("Connection: close\r\n"))
        #expect(end == .closed)
      }
    }

    @Test(arguments: [
      ("Content-Length: 5000\r\n\r\n", 413), ("Transfer-Encoding: chunked\r\n\r\nz\r\n", 400),
      ("Transfer-Encoding: chunked\r\n\r\n1388\r\n", 413), ("Content-Length: 5\r\n\r\nab", 408),
    ])
    func `answer for a handler that gives up on a bad body`(_ rest: String, _ status: Int) async throws {
      let handler: Server.Handler = { exchange in
        do throws(HTTPError) {
          while try await exchange.readBody() != nil {}
        } catch {
          return
        }
        try? await exchange.respond(ResponseHead())
      }
      let limits = Self.limits {
        $0.bodyBytes = 4_000
        $0.bodyIdle = .milliseconds(100)
      }
      try await ServerFixture.run(limits: limits, handler: handler) { server in
        let (text, end) = try server.ask("POST / HTTP/1.1\r\nHost: a\r\n" + rest)
        #expect(text.hasPrefix("HTTP/1.1 \(status) "))
        #expect(text.count(of: "HTTP/1.1 ") == 1)
        #expect(end == .closed)
      }
    }

    @Test func `close after a slow body, however the handler answers it`() async throws {
      let handler: Server.Handler = { exchange in
        do throws(HTTPError) {
          _ = try await exchange.collectBody(limit: 100)
        } catch {
          try? await exchange.respond(ResponseHead(status: 408), Array("slow".utf8))
        }
      }
      let limits = Self.limits { $0.bodyIdle = .milliseconds(100) }
      try await ServerFixture.run(limits: limits, handler: handler) { server in
        let start = Instant.now()
        let (text, end) = try server.ask("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab")
        #expect(text.hasSuffix("slow"))
        #expect(end == .closed)
        // It does not wait for the rest a second time.
        #expect(Instant.now().since(start) < .seconds(2))
      }
    }

    @Test func `end a head that trickles in`() async throws {
      let limits = Self.limits { $0.headTime = .milliseconds(200) }
      try await ServerFixture.run(limits: limits, handler: `A server`.mirror) { server in
        let client = try server.connect()
        let start = Instant.now()
        for byte in "GET / HTTP/1.1\r\nHost: a\r\nX: ".utf8 + [UInt8](repeating: 0x61, count: 1_000) {
          if client.becomesReadable(within: .milliseconds(20)) { break }
          try client.send([byte])
        }
        let (text, end) = client.receiveAll()
        #expect(text.hasPrefix("HTTP/1.1 408 "))
        #expect(end == .closed || end == .reset)
        #expect(Instant.now().since(start) < .seconds(3))
      }
    }

    @Test func `end a connection silently on which nothing ever comes`() async throws {
      let limits = Self.limits { $0.headTime = .milliseconds(100) }
      try await ServerFixture.run(limits: limits, handler: `A server`.mirror) { server in
        let client = try server.connect()
        #expect(client.receiveAll() == ("", .closed))
      }
    }

    @Test func `end an idle connection silently`() async throws {
      let limits = Self.limits { $0.keepAliveIdle = .milliseconds(100) }
      try await ServerFixture.run(limits: limits, handler: `A server`.mirror) { server in
        let client = try server.connect()
        try client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(client.receive(through: "GET / ").hasPrefix("HTTP/1.1 200"))
        #expect(client.receiveAll() == ("", .closed))
      }
    }

    @Test func `end a connection whose client takes nothing`() async throws {
      let notes = Notes()
      let handler: Server.Handler = { exchange in
        do throws(HTTPError) {
          try exchange.start(ResponseHead(), length: 64 << 20)
          for _ in 0..<1024 { try await exchange.write([UInt8](repeating: 0x61, count: 65_536)) }
        } catch {
          notes.add("\(error)")
        }
      }
      let limits = Self.limits { $0.writeIdle = .milliseconds(200) }
      try await ServerFixture.run(limits: limits, handler: handler) { server in
        let client = try server.connect(window: 16_384)
        // The second request waits in the server's input: it is no reason to say 408.
        try client.send(String(repeating: "GET / HTTP/1.1\r\nHost: a\r\n\r\n", count: 2))
        #expect(try await eventually { notes.all.count == 1 })
        #expect(try await eventually { try await server.connectionCount == 0 })
        let (text, _) = client.receiveAll()
        #expect(text.utf8.count < 64 << 20)
        #expect(text.count(of: "HTTP/1.1") == 1)
      }
    }

    @Test func `make room for a new connection by closing one that idles`() async throws {
      let limits = Self.limits { $0.connections = 3 }
      try await ServerFixture.run(limits: limits, handler: `A server`.mirror) { server in
        var clients: [RawSocket] = []
        for _ in 0..<8 {
          let client = try server.connect()
          try client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
          #expect(client.receive(through: "GET / ").hasPrefix("HTTP/1.1 200"))
          clients.append(client)
        }
        #expect(try await server.connectionCount <= 3)
        #expect(clients.filter { $0.becomesReadable(within: .milliseconds(50)) }.count == 5)
      }
    }

    @Test func `refuse a connection when all are busy`() async throws {
      let gate = Gate()
      let handler: Server.Handler = { exchange in
        await gate.wait(on: exchange.loop)
        try? await exchange.respond(ResponseHead())
      }
      let limits = Self.limits { $0.connections = 2 }
      try await ServerFixture.run(limits: limits, handler: handler) { server in
        let busy = try (0..<2).map { _ in try server.connect() }
        for client in busy { try client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n") }
        #expect(try await eventually { gate.arrivals == 2 })
        let start = Instant.now()
        let late = try server.connect()
        // Turned away at once, while the others hold their places: it does not wait for one of them to end.
        #expect(late.receiveAll() == ("", .closed))
        #expect(Instant.now().since(start) < .seconds(5))
        #expect(!gate.isOpenNow)
        #expect(try await server.connectionCount == 2)
        gate.open()
        for client in busy { #expect(client.receiveHead().hasPrefix("HTTP/1.1 200")) }
        // A place that is free again is given.
        busy[0].close()
        #expect(try await eventually { try await server.connectionCount == 1 })
        let next = try server.connect()
        try next.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(next.receiveHead().hasPrefix("HTTP/1.1 200"))
      }
    }

    /// Waits at the gate where that is asked for.
    private static func holding(_ gate: Gate) -> Server.Handler {
      { exchange in
        if exchange.head.path == "/hold" { await gate.wait(on: exchange.loop) }
        try? await exchange.respond(ResponseHead(), Array("done".utf8))
      }
    }

    /// Connects `count` clients while the loop stands still and the process has no descriptor for its ends of them.
    private static func connectWithoutRoom(_ count: Int, to server: ServerFixture) throws -> [RawSocket] {
      let pause = Gate()
      server.group.loops[0].execute { while !pause.isOpenNow { usleep(1_000) } }
      let clients = try (0..<count).map { _ in try server.connect() }
      setDescriptorLimit(rlim_t(Holdings.lowestFreeDescriptor()))
      pause.open()
      for client in clients { try client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n") }
      return clients
    }

    private static func setDescriptorLimit(_ limit: rlim_t?) {
      var all = rlimit()
      getrlimit(CInt(RLIMIT_NOFILE.rawValue), &all)
      all.rlim_cur = limit ?? all.rlim_max
      setrlimit(CInt(RLIMIT_NOFILE.rawValue), &all)
    }

    @Test func `let new clients wait while the process has no descriptor left`() async {
      await #expect(processExitsWith: .success) {
        let gate = Gate()
        try await ServerFixture.run(handler: `A server's limits`.holding(gate)) { server in
          let busy = try (0..<2).map { _ in try server.connect() }
          for client in busy { try client.send("GET /hold HTTP/1.1\r\nHost: a\r\n\r\n") }
          _ = try await eventually { gate.arrivals == 2 }
          let waiting = try `A server's limits`.connectWithoutRoom(3, to: server)
          precondition(!waiting[0].becomesReadable(within: .milliseconds(100)), "there was a descriptor")
          `A server's limits`.setDescriptorLimit(nil)
          for client in waiting {
            precondition(client.receive(through: "done").hasPrefix("HTTP/1.1 200"), "a client was forgotten")
          }
          gate.open()
          for client in busy {
            precondition(client.receive(through: "done").hasPrefix("HTTP/1.1 200"), "a busy client was lost")
          }
        }
      }
    }

    @Test func `make room for new connections out of idle ones when descriptors run out`() async {
      await #expect(processExitsWith: .success) {
        try await ServerFixture.run(handler: `A server's limits`.holding(Gate())) { server in
          let idle = try (0..<4).map { _ in try server.connect() }
          for client in idle {
            try client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            _ = client.receive(through: "done")
          }
          for client in try `A server's limits`.connectWithoutRoom(3, to: server) {
            precondition(client.receive(through: "done").hasPrefix("HTTP/1.1 200"), "a new client found no room")
          }
          `A server's limits`.setDescriptorLimit(nil)
        }
      }
    }
  }
}
