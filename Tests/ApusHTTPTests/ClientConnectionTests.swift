import ApusHTTP
import ApusIO
import Testing

extension `HTTP over sockets` {
  @Suite struct `A client's connection` {
    /// What a client makes of an answer after which the server closes.
    private func outcome(
      of answer: String, closes: Bool = true, method: ApusHTTP.Method = .get, wait: Duration = .seconds(5)
    ) async throws -> String {
      let (origin, address) = try RawSocket.listen()
      let group = try LoopGroup(count: 1)
      let loop = group.loops[0]
      defer { group.shutDown() }
      async let said = loop.perform { await Self.ask(address, method, on: loop, wait: wait) }
      let served = try #require(try origin.serveOne(answer))
      #expect(served.head == "\(method.name) /x HTTP/1.1\r\nHost: h\r\n\r\n")
      if closes { served.connection.endWriting() }
      let result = await (try said)
      let held = try await loop.perform { loop.held }
      #expect(held == (0, 0))
      return result
    }

    /// Each head, the body, and how it ended.
    private static func ask(
      _ address: SocketAddress, _ method: ApusHTTP.Method, on loop: Loop, wait: Duration
    ) async -> String {
      var text = ""
      do {
        let stream = try await Stream.connect(to: address, on: loop, deadline: loop.now + .seconds(5))
        defer { stream.close() }
        let connection = ClientConnection(stream, limits: Limits())
        connection.begin(method)
        try await connection.send(Array("\(method.name) /x HTTP/1.1\r\nHost: h\r\n\r\n".utf8))
        connection.endRequest()
        do throws(HTTPError) {
          repeat {
            try await connection.receiveHead(before: loop.now + wait)
            text += "\(connection.head.status) "
          } while connection.head.status < 200
          while let bytes = try await connection.readBody(idle: wait) { text += String(decoding: bytes, as: UTF8.self) }
          text += connection.isReusable ? " reusable" : " used up"
        } catch {
          text += "\(error)".prefix(24)
        }
      } catch {
        text += "unreachable"
      }
      return text
    }

    @Test(arguments: [
      ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", "200 ok reusable"),
      ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok more", "200 ok used up"),
      ("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "200  reusable"),
      ("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok", "200 ok used up"),
      ("HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok", "200 ok used up"),
      ("HTTP/1.0 200 OK\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\nok", "200 ok reusable"),
      ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", "200 ok reusable"),
      ("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 X\r\n\r\nHTTP/1.1 204 No\r\n\r\n", "100 103 204  reusable"),
      ("HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", "304  reusable"),
    ])
    func `reads an answer`(_ answer: String, _ outcome: String) async throws {
      #expect(try await self.outcome(of: answer, closes: false) == outcome)
    }

    @Test(arguments: [
      ("HTTP/1.1 200 OK\r\n\r\nall of it", "200 all of it used up"),
      ("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", "200 halfthe peer closed the conn"),
      ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n", "200 halfthe peer closed the conn"),
      ("HTTP/1.1 200 O", "the peer closed the conn"), ("", "the peer closed the conn"),
      ("<html>", "the status line is not '"),
      ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "200 a chunk's size is not 1 "),
    ])
    func `tells what is cut or no answer at all`(_ answer: String, _ outcome: String) async throws {
      #expect(try await self.outcome(of: answer) == outcome)
    }

    @Test func `takes a length after HEAD for none`() async throws {
      let answer = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"
      #expect(try await outcome(of: answer, closes: false, method: .head) == "200  reusable")
    }

    @Test(arguments: [
      ("", "the time allowed for thi"), ("HTTP/1.1 103 X\r\n\r\n", "103 the time allowed for thi"),
      ("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", "200 halfthe time allowed for thi"),
    ])
    func `waits no longer than it was told`(_ answer: String, _ outcome: String) async throws {
      #expect(try await self.outcome(of: answer, closes: false, wait: .milliseconds(100)) == outcome)
    }

    @Test func `gives up connecting at the deadline`() async throws {
      // A listener whose waiting line is full answers no further SYN.
      let (origin, address) = try RawSocket.listen(backlog: 0)
      var waiting: [RawSocket] = []
      for _ in 0..<4 { if let one = RawSocket.beginConnecting(to: address) { waiting.append(one) } }
      let group = try LoopGroup(count: 1)
      let loop = group.loops[0]
      defer { group.shutDown() }
      let said = try await loop.perform {
        do throws(IOError) {
          try await Stream.connect(to: address, on: loop, deadline: loop.now + .milliseconds(100)).close()
          return "connected"
        } catch {
          return "\(error == .expired)"
        }
      }
      #expect(said == "true")
      let held = try await loop.perform { loop.held }
      #expect(held == (0, 0))
      origin.close()
    }
  }
}
