import ApusHTTP
import ApusIO
import Testing

extension `HTTP over sockets` {
  @Suite struct `A call with a time of its own` {
    private static let get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"

    private static func late() -> (ResponseHead, [UInt8]) { (ResponseHead(status: 504), Array("late".utf8)) }

    private static func note(_ notes: Notes, _ step: String, _ body: () async throws -> Void) async {
      do {
        try await body()
        notes.add("\(step) went out")
      } catch {
        notes.add("\(step) refused")
      }
    }

    @Test func `is answered in its handler's place, and the handler's own answer reaches nobody`() async throws {
      let (gate, notes) = (Gate(), Notes())
      let handler: Server.Handler = { exchange in
        exchange.limit(to: exchange.loop.now + .milliseconds(50), Self.late)
        await gate.wait(on: exchange.loop)
        notes.add(Task.isCancelled ? "cancelled" : "never told")
        await Self.note(notes, "answer") { try await exchange.respond(ResponseHead(), Array("mine".utf8)) }
        await Self.note(notes, "body") { try await exchange.write(Array("mine".utf8)) }
        await Self.note(notes, "hint") { try await exchange.inform(ResponseHead(status: 103)) }
        await Self.note(notes, "upgrade") { _ = try await exchange.upgrade(ResponseHead(status: 101)) }
        await Self.note(notes, "read") { _ = try await exchange.readBody() }
      }
      try await ServerFixture.run(handler: handler) { server in
        let client = try server.connect()
        try client.send(Self.get)
        let (text, end) = client.receiveAll()
        // Whole, and ended, while the handler still holds on.
        #expect(!gate.isOpenNow)
        #expect(
          text.withoutDate == "HTTP/1.1 504 Gateway Timeout\r\nContent-Length: 4\r\nConnection: close\r\n\r\nlate")
        #expect(end == .closed)
        gate.open()
        let all = ["cancelled", "answer refused", "body refused", "hint refused", "upgrade refused", "read refused"]
        #expect(try await eventually { notes.all == all })
        #expect(try await eventually { try await server.connectionCount == 0 })
      }
    }

    @Test func `is cut in the midst of an answer, which never looks whole`() async throws {
      let (gate, notes) = (Gate(), Notes())
      let handler: Server.Handler = { exchange in
        exchange.limit(to: exchange.loop.now + .milliseconds(50), Self.late)
        try? exchange.start(ResponseHead(), length: nil)
        try? await exchange.write(Array("abc".utf8))
        await gate.wait(on: exchange.loop)
        await Self.note(notes, "body") { try await exchange.write(Array("mine".utf8)) }
      }
      try await ServerFixture.run(handler: handler) { server in
        let client = try server.connect()
        try client.send(Self.get)
        let (text, end) = client.receiveAll()
        #expect(text.withoutDate == "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc")
        #expect(end != .open)
        gate.open()
        #expect(try await eventually { notes.all == ["body refused"] })
      }
    }

    @Test func `ends a read that waits for its caller`() async throws {
      let notes = Notes()
      let handler: Server.Handler = { exchange in
        exchange.limit(to: exchange.loop.now + .milliseconds(50), Self.late)
        await Self.note(notes, "read") { while try await exchange.readBody() != nil {} }
      }
      try await ServerFixture.run(handler: handler) { server in
        let client = try server.connect()
        try client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc")
        let (text, end) = client.receiveAll()
        #expect(text.hasPrefix("HTTP/1.1 504 "))
        #expect(text.count(of: "HTTP/1.1 ") == 1)
        #expect(end == .closed)
        #expect(try await eventually { notes.all == ["read refused"] })
      }
    }

    @Test func `leaves the next call of its connection alone`() async throws {
      let (gate, notes) = (Gate(), Notes())
      let handler: Server.Handler = { exchange in
        if exchange.serial == 1 {
          exchange.limit(to: exchange.loop.now + .milliseconds(100)) {
            notes.add("fired")
            return Self.late()
          }
        } else {
          await gate.wait(on: exchange.loop)
        }
        try? await exchange.respond(ResponseHead(), Array("call \(exchange.serial)".utf8))
      }
      try await ServerFixture.run(handler: handler) { server in
        let client = try server.connect()
        try client.send(Self.get)
        #expect(client.receive(through: "call 1").hasPrefix("HTTP/1.1 200"))
        try client.send(Self.get)
        // The first call's time passes in the midst of the second one.
        #expect(!client.becomesReadable(within: .milliseconds(300)))
        gate.open()
        #expect(client.receive(through: "call 2").hasPrefix("HTTP/1.1 200"))
        #expect(notes.all == [])
      }
    }

    @Test func `ends its connection even if the handler never returns`() async throws {
      let gate = Gate()
      var limits = Limits()
      limits.lingerTime = .milliseconds(100)
      let handler: Server.Handler = { exchange in
        exchange.limit(to: exchange.loop.now + .milliseconds(50), Self.late)
        await gate.wait(on: exchange.loop)
      }
      try await ServerFixture.run(limits: limits, handler: handler) { server in
        let client = try server.connect()
        try client.send(Self.get)
        #expect(client.receiveAll().text.hasSuffix("late"))
        // What it sends now meets a closed connection: the peer's kernel answers with a reset.
        #expect(try await eventually(within: .seconds(5)) { (try? client.send("x")) == nil })
        #expect(!gate.isOpenNow)
        gate.open()
      }
    }
  }

  @Suite struct `Two writers of one answer` {
    /// The first writes until the client takes no more; the second tries in the midst of that.
    private static func handler(_ length: UInt64?, _ size: Int, _ notes: Notes) -> Server.Handler {
      { exchange in
        do throws(HTTPError) {
          try exchange.start(ResponseHead(), length: length)
          try await exchange.flush()
        } catch {
          return notes.add("\(error)")
        }
        let bound = LoopBound(exchange, to: exchange.loop)
        let second = exchange.loop.spawn {
          for step in ["short", "long", "end"] {
            do throws(HTTPError) {
              switch step {
              case "short": try await bound.value.write([0x62])
              case "long": try await bound.value.write([UInt8](repeating: 0x62, count: 100_000))
              default: try await bound.value.finish()
              }
              notes.add("\(step) went out")
            } catch {
              if case .outOfOrder = error { notes.add("\(step) refused") } else { notes.add("\(error)") }
            }
          }
        }
        do throws(HTTPError) {
          try await exchange.write([UInt8](repeating: 0x61, count: size))
          await second.value
          try await exchange.finish()
        } catch {
          notes.add("\(error)")
        }
      }
    }

    @Test(arguments: [(true, 16 << 20), (false, 16 << 20)])
    func `are refused but for the first, whose body stays whole`(_ isPlain: Bool, _ size: Int) async throws {
      let notes = Notes()
      let handler = Self.handler(isPlain ? UInt64(size) : nil, size, notes)
      try await ServerFixture.run(handler: handler) { server in
        let client = try server.connect(window: 16_384)
        try client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        _ = client.receiveHead()
        // The second has had its say before the client takes any of the body.
        #expect(try await eventually { notes.all == ["short refused", "long refused", "end refused"] })
        let (bytes, end) = client.receiveAllBytes()
        let (start, rest) = isPlain ? ("", "") : (String(size, radix: 16) + "\r\n", "\r\n0\r\n\r\n")
        #expect(bytes.count == start.utf8.count + size + rest.utf8.count)
        #expect(!bytes.contains(0x62))
        #expect(bytes.starts(with: start.utf8))
        #expect(bytes.suffix(rest.utf8.count).elementsEqual(rest.utf8))
        #expect(end == .closed)
        #expect(notes.all.count == 3)
      }
    }
  }
}
