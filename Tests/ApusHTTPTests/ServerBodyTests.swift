import ApusHTTP
import ApusIO
import Synchronization
import Testing

extension `HTTP over sockets` {
  @Suite struct `A server with bodies` {
    @Test func `invites a body only when the handler reads it`() async throws {
      try await ServerFixture.run(handler: `A server`.mirror) { server in
        let client = try server.connect()
        try client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n")
        #expect(client.receiveHead() == "HTTP/1.1 100 Continue\r\n\r\n")
        try client.send("abc")
        #expect(client.receiveHead().hasPrefix("HTTP/1.1 200 OK"))
        #expect(client.receive(10) == "POST / abc")
      }
    }

    @Test func `closes after refusing a body that was not invited`() async throws {
      let handler: Server.Handler = { try? await $0.respond(ResponseHead(status: 417)) }
      try await ServerFixture.run(handler: handler) { server in
        let client = try server.connect()
        try client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n")
        let (text, end) = client.receiveAll()
        #expect(text.hasPrefix("HTTP/1.1 417 "))
        #expect(text.count(of: "HTTP/1.1") == 1)
        #expect(end == .closed)
      }
    }

    @Test func `never invites in the midst of an answer`() async throws {
      let handler: Server.Handler = { exchange in
        try? exchange.start(ResponseHead(), length: nil)
        try? await exchange.flush()
        while let bytes = try? await exchange.readBody() { try? await exchange.write(Array(bytes)) }
        try? await exchange.finish()
      }
      try await ServerFixture.run(handler: handler) { server in
        let client = try server.connect()
        try client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n")
        #expect(client.receiveHead().hasPrefix("HTTP/1.1 200 OK"))
        try client.send("abc")
        #expect(client.receive(through: "0\r\n\r\n") == "3\r\nabc\r\n0\r\n\r\n")
      }
    }

    @Test func `reads a short body away that nobody wanted`() async throws {
      let handler: Server.Handler = { try? await $0.respond(ResponseHead()) }
      try await ServerFixture.run(handler: handler) { server in
        let client = try server.connect()
        for _ in 0..<2 {
          try client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 200000\r\n\r\n")
          #expect(client.receiveHead().hasPrefix("HTTP/1.1 200 OK"))
          try client.send([UInt8](repeating: 0x61, count: 200_000))
        }
      }
    }

    @Test(arguments: [false, true])
    func `delivers its answer to a client that sends on`(_ endsItsSide: Bool) async throws {
      let handler: Server.Handler = { try? await $0.respond(ResponseHead(status: 413), Array("too long".utf8)) }
      try await ServerFixture.run(handler: handler) { server in
        let client = try server.connect()
        try client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 8000000\r\n\r\n")
        // All of it is sent before a byte of the answer is looked at: a reset would destroy it.
        try client.send([UInt8](repeating: 0x61, count: endsItsSide ? 1_000_000 : 8_000_000))
        if endsItsSide { client.endWriting() }
        let (text, end) = client.receiveAll()
        #expect(text.hasSuffix("too long"))
        #expect(end == .closed)
      }
    }

    @Test(arguments: ["Content-Length: 9\r\n\r\nabc", "Transfer-Encoding: chunked\r\n\r\n3\r\nab"])
    func `answers once when the body that it discards is broken off`(_ rest: String) async throws {
      let handler: Server.Handler = { try? await $0.respond(ResponseHead(), Array("done".utf8)) }
      try await ServerFixture.run(handler: handler) { server in
        let client = try server.connect()
        try client.send("POST / HTTP/1.1\r\nHost: a\r\n" + rest)
        client.endWriting()
        let (text, _) = client.receiveAll()
        #expect(text.count(of: "HTTP/1.1") == 1)
        #expect(text.hasSuffix("done"))
      }
    }

    @Test func `answers once when the body that it discards is no chunked one`() async throws {
      let handler: Server.Handler = { try? await $0.respond(ResponseHead(), Array("done".utf8)) }
      try await ServerFixture.run(handler: handler) { server in
        let (text, end) = try server.ask("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")
        #expect(text.count(of: "HTTP/1.1") == 1)
        #expect(end == .closed)
        let client = try server.connect()
        try client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
        #expect(client.receive(through: "done").hasSuffix("done"))
        try client.send("zz\r\n")
        let more = client.receiveAll()
        #expect(more.text == "")
        #expect(more.end == .closed)
      }
    }

    // Each byte is news, so only the time for all of it ends this. The client asks again behind it, and is not heard.
    @Test(arguments: ["Content-Length: 200000\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n"])
    func `gives a body that nobody wanted so much time in all`(_ rest: String) async throws {
      let handler: Server.Handler = { try? await $0.respond(ResponseHead(), Array("done".utf8)) }
      var limits = Limits()
      limits.lingerTime = .milliseconds(200)
      try await ServerFixture.run(limits: limits, handler: handler) { server in
        let client = try server.connect()
        // Before the server's clock starts, which is before its answer arrives here.
        let start = Instant.now()
        try client.send("POST / HTTP/1.1\r\nHost: a\r\n" + rest)
        #expect(client.receive(through: "done").hasPrefix("HTTP/1.1 200"))
        while !client.becomesReadable(within: .milliseconds(20)), Instant.now().since(start) < .seconds(5) {
          try client.send(rest.hasPrefix("T") ? "1\r\nx\r\n" : "x")
        }
        // Once for the body, and once more for what may come behind our end.
        #expect(Instant.now().since(start) >= .milliseconds(200))
        #expect(Instant.now().since(start) < .seconds(3))
        let (text, end) = client.receiveAll()
        #expect(text == "")
        #expect(end != .open)
        #expect(try await eventually(within: .seconds(3)) { try await server.connectionCount == 0 })
      }
    }

    /// What a handler does wrong, and what its client sees of it.
    @Test(arguments: [
      ("nothing", "1.1", "", RawSocket.End.closed),
      ("started", "1.1", "", .closed),
      ("too little", "1.1", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc", .closed),
      ("too much", "1.1", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc", .closed),
      ("unfinished", "1.1", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc", .closed),
      // Here the end of the connection is the end of the body, so only a reset says that it is cut.
      ("unfinished", "1.0", "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nabc", .reset),
    ])
    func `never ends a cut answer cleanly`(
      _ fault: String, _ version: String, _ answer: String, _ end: RawSocket.End
    ) async throws {
      let handler: Server.Handler = { exchange in
        if fault == "nothing" { return }
        let length: UInt64? = fault == "unfinished" ? nil : fault == "too little" ? 5 : 3
        try? exchange.start(ResponseHead(), length: length)
        if fault == "started" { return }
        try? await exchange.write(Array("abc".utf8))
        if fault == "too much" { try? await exchange.write([0x64]) }
        if fault == "too little" { try? await exchange.finish() }
        if fault == "unfinished" { _ = try? await exchange.readBody() }
        if fault == "too much" { return }
      }
      try await ServerFixture.run(handler: handler) { server in
        let client = try server.connect()
        try client.send("POST / HTTP/\(version)\r\nHost: a\r\nContent-Length: 1\r\n\r\n")
        if fault == "unfinished" {
          let seen = client.receive(through: "abc")
          #expect(seen.withoutDate == answer)
          try client.send("x")
          #expect(client.receiveAll().end == end)
        } else {
          let (text, how) = client.receiveAll()
          #expect(text.withoutDate == answer)
          // The unread byte of the request may turn the end into a reset; it is an early end all the same.
          #expect(how == end || how == .reset)
        }
      }
    }

    @Test(arguments: [0, 1, 8_191, 8_192, 8_193, 16_385, 1_000_000, 50_000_000])
    func `streams a body both ways`(_ size: Int) async throws {
      let handler: Server.Handler = { exchange in
        if case .length(let length) = exchange.head.framing { try? exchange.start(ResponseHead(), length: length) }
        while let bytes = try? await exchange.readBody() { try? await exchange.write(bytes) }
        try? await exchange.finish()
      }
      try await ServerFixture.run(handler: handler) { server in
        let path = "/tmp/apus-body-\(UInt32.random(in: 0 ... .max))"
        defer { _ = shell("rm -f \(path)") }
        let expected = shell("head -c \(size) /dev/urandom > \(path); sha256sum < \(path)")
        let got = server.curl("-H 'Content-Type: x' -H 'Expect:' --data-binary @\(path) URL/echo | sha256sum")
        #expect(got == expected)
      }
    }

    @Test func `writes no more than the client takes`() async throws {
      let written = Atomic<Int>(0)
      let handler: Server.Handler = { exchange in
        let block = [UInt8](repeating: 0x61, count: 65_536)
        try? exchange.start(ResponseHead(), length: 64 << 20)
        for _ in 0..<1024 {
          guard (try? await exchange.write(block)) != nil else { return }
          written.add(block.count, ordering: .relaxed)
        }
        try? await exchange.finish()
      }
      try await ServerFixture.run(handler: handler) { server in
        let client = try server.connect(window: 16_384)
        try client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        #expect(client.becomesReadable(within: .seconds(5)))
        var last = -1
        // It has stopped when nothing was written between two looks.
        _ = try await eventually {
          defer { last = written.load(ordering: .relaxed) }
          usleepForALook()
          return last > 0 && last == written.load(ordering: .relaxed)
        }
        #expect(last < 8 << 20)
        let (bytes, end) = client.receiveAllBytes()
        #expect(bytes.count > 64 << 20)
        #expect(end == .closed)
      }
    }

    @Test func `reads no more than the handler takes`() async throws {
      let gate = Gate()
      let handler: Server.Handler = { exchange in
        _ = try? await exchange.readBody()
        await gate.wait(on: exchange.loop)
        var total = 0
        while let bytes = try? await exchange.readBody() { total += bytes.count }
        try? await exchange.respond(ResponseHead())
      }
      try await ServerFixture.run(handler: handler) { server in
        let client = try server.connect(window: 16_384)
        try client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 67108864\r\n\r\nx")
        let block = [UInt8](repeating: 0x61, count: 65_536)
        var sent = 1
        var silence = 0
        while silence < 20, sent < 64 << 20 {
          let count = client.sendWithoutWaiting(block)
          sent += count
          silence = count == 0 ? silence + 1 : 0
          if count == 0 { usleepForALook() }
        }
        #expect(sent < 16 << 20)
        gate.open()
        while sent < 64 << 20 {
          let rest = Array(block.prefix((64 << 20) - sent))
          try client.send(rest)
          sent += rest.count
        }
        #expect(client.receiveHead().hasPrefix("HTTP/1.1 200 OK"))
      }
    }

    @Test func `survives a client that leaves in the midst of an answer`() async throws {
      let notes = Notes()
      let handler: Server.Handler = { exchange in
        try? exchange.start(ResponseHead(), length: 64 << 20)
        do throws(HTTPError) {
          for _ in 0..<1024 { try await exchange.write([UInt8](repeating: 0x61, count: 65_536)) }
        } catch {
          notes.add("\(error.isDisconnect)")
        }
      }
      try await ServerFixture.run(handler: handler) { server in
        let client = try server.connect()
        try client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(client.receiveHead().hasPrefix("HTTP/1.1 200 OK"))
        client.reset()
        #expect(try await eventually { notes.all == ["true"] })
      }
    }
  }
}
