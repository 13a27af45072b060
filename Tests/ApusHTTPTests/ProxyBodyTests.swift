import ApusHTTP
import ApusIO
import Glibc
import Instruments
import Testing

extension `HTTP over sockets` {
  @Suite struct `A proxy's bodies` {
    @Test func `pass both ways at once, chunk by chunk`() async throws {
      try await ProxyFixture.run { proxy, origin in
        let client = try proxy.connect()
        try client.send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n")
        let connection = try #require(origin.accept())
        #expect(connection.receiveHead().hasSuffix("Transfer-Encoding: chunked\r\n\r\n"))
        try connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        #expect(client.receiveHead() == "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        for (index, word) in ["one", "two", "six"].enumerated() {
          try client.send("3\r\n\(word)\r\n")
          // A chunk's line break comes with what follows it.
          #expect(connection.receive(index == 0 ? 6 : 8) == (index == 0 ? "" : "\r\n") + "3\r\n\(word)")
          try connection.send("3\r\n\(word)\r\n")
          #expect(client.receive(index == 0 ? 6 : 8) == (index == 0 ? "" : "\r\n") + "3\r\n\(word)")
        }
        try client.send("0\r\nX-Sum: 1\r\n\r\n")
        #expect(connection.receive(through: "\r\n\r\n") == "\r\n0\r\nX-Sum: 1\r\n\r\n")
        try connection.send("0\r\n\r\n")
        #expect(client.receive(through: "\r\n\r\n") == "\r\n0\r\n\r\n")
        // Both connections go on.
        try client.send("GET /again HTTP/1.1\r\nHost: h\r\n\r\n")
        #expect(connection.receiveHead().hasPrefix("GET /again"))
        try connection.send("HTTP/1.1 204 No Content\r\n\r\n")
        #expect(client.receiveHead().hasPrefix("HTTP/1.1 204"))
      }
    }

    @Test func `pass events on as they come`() async throws {
      try await ProxyFixture.run { proxy, origin in
        let client = try proxy.connect()
        try client.send("GET /events HTTP/1.1\r\nHost: h\r\n\r\n")
        let head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"
        let served = try #require(try origin.serveOne(head))
        #expect(client.receiveHead().contains("text/event-stream"))
        for index in 0..<20 {
          try served.connection.send("data: \(index)\n\n")
          #expect(client.receive(through: "\n\n").hasSuffix("data: \(index)\n\n"))
        }
        served.connection.close()
        #expect(client.receive(through: "0\r\n\r\n").hasSuffix("0\r\n\r\n"))
      }
    }

    @Test(arguments: ["Content-Length: 5000000", "Transfer-Encoding: chunked"])
    func `bring an answer that comes before the upload ends`(_ framing: String) async throws {
      try await ProxyFixture.run { proxy, origin in
        let client = try proxy.connect()
        try client.send("POST / HTTP/1.1\r\nHost: h\r\n\(framing)\r\n\r\n4\r\nbody")
        let answer = "HTTP/1.1 413 Content Too Large\r\nContent-Length: 5\r\nConnection: close\r\n\r\nlarge"
        let served = try #require(try origin.serveOne(answer))
        #expect(client.receive(through: "large").hasPrefix("HTTP/1.1 413"))
        // What the caller sends on does not keep the upstream's connection.
        #expect(served.connection.receiveAll(within: .seconds(2)).end != .open)
        client.endWriting()
        #expect(client.receiveAll() == ("", .closed))
        #expect(proxy.failures.all == [])
      }
    }

    @Test func `are invited by the proxy, not by the upstream`() async throws {
      try await ProxyFixture.run { proxy, origin in
        let client = try proxy.connect()
        try client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n")
        #expect(client.receiveHead() == "HTTP/1.1 100 Continue\r\n\r\n")
        let connection = try #require(origin.accept())
        #expect(!connection.receiveHead().contains("Expect"))
        try client.send("abc")
        #expect(connection.receive(3) == "abc")
        try connection.send("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n")
        #expect(client.receiveHead() == "HTTP/1.1 204 No Content\r\n\r\n")
      }
    }

    @Test(arguments: [("Content-Length: 9\r\n\r\nabc", 408), ("Transfer-Encoding: chunked\r\n\r\nzz\r\n", 400)])
    func `end the call when the caller's breaks off`(_ body: String, _ status: Int) async throws {
      var limits = Limits()
      limits.bodyIdle = .milliseconds(100)
      limits.lingerTime = .milliseconds(100)
      try await ProxyFixture.run(limits: limits) { proxy, origin in
        let client = try proxy.connect()
        try client.send("POST / HTTP/1.1\r\nHost: h\r\n" + body)
        let connection = try #require(origin.accept())
        // The upstream sees a request that is not whole, and then the end.
        #expect(!connection.receiveAll().text.hasSuffix("0\r\n\r\n"))
        #expect(client.receiveHead().hasPrefix("HTTP/1.1 "))
        #expect(proxy.failures.all == ["caller"])
        _ = status
      }
    }

    /// Long enough for the kernel to move it from socket to socket; shorter; and without a length.
    @Test(arguments: [("plain", 40_000_000), ("plain", 1_048_577), ("plain", 200_000), ("chunked", 5_000_000)])
    func `arrive whole at a slow caller`(_ kind: String, _ size: Int) async throws {
      var random = SeededRandom(UInt64(size))
      let block = (0..<65_536).map { _ in UInt8.random(in: 0...255, using: &random) }
      let twice = block + block
      let handler: Server.Handler = { exchange in
        try? exchange.start(ResponseHead(), length: kind == "plain" ? UInt64(size) : nil)
        var left = size
        while left > 0 {
          guard (try? await exchange.write(Array(block.prefix(left)))) != nil else { return }
          left -= min(left, block.count)
        }
        try? await exchange.finish()
      }
      try await ServerFixture.run(handler: handler) { origin in
        try await ProxyFixture.run(to: origin.address) { proxy in
          let client = try proxy.connect(window: 16_384)
          try client.send("GET / HTTP/1.0\r\n\r\n")
          _ = client.receiveHead()
          var total = 0
          var isSame = true
          var pauses = 3
          while true {
            let (bytes, end) = client.receiveSome()
            if end != nil { break }
            let offset = total % block.count
            isSame = isSame && memcmp(bytes, Array(twice[offset..<offset + bytes.count]), bytes.count) == 0
            total += bytes.count
            if pauses > 0 {
              pauses -= 1
              usleepForALook()
            }
          }
          #expect(total == size)
          #expect(isSame)
          #expect(proxy.failures.all == [])
        }
      }
    }

    @Test(arguments: ["", "-H 'Transfer-Encoding: chunked'"])
    func `arrive whole at the upstream and come back`(_ option: String) async throws {
      let echo: Server.Handler = { exchange in
        var length: UInt64?
        if case .length(let declared) = exchange.head.framing { length = declared }
        try? exchange.start(ResponseHead(), length: length)
        while let bytes = try? await exchange.readBody() { try? await exchange.write(bytes) }
        try? await exchange.finish()
      }
      try await ServerFixture.run(handler: echo) { origin in
        try await ProxyFixture.run(to: origin.address) { proxy in
          let path = "/tmp/apus-body-\(UInt32.random(in: 0 ... .max))"
          defer { _ = shell("rm -f \(path)") }
          let expected = shell("head -c 20000000 /dev/urandom > \(path); sha256sum < \(path)")
          #expect(proxy.server.curl("\(option) -H 'Expect:' --data-binary @\(path) URL/ | sha256sum") == expected)
          #expect(proxy.failures.all == [])
        }
      }
    }

    @Test func `are cut in the midst when the upstream breaks off a long one`() async throws {
      try await ProxyFixture.run { proxy, origin in
        let client = try proxy.connect()
        try client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
        let served = try #require(try origin.serveOne("HTTP/1.1 200 OK\r\nContent-Length: 9000000\r\n\r\n"))
        try served.connection.send([UInt8](repeating: 0x61, count: 600_000))
        served.connection.close()
        let (text, end) = client.receiveAll()
        #expect(text.utf8.count < 700_000)
        #expect(end == .closed)
        #expect(proxy.failures.all == ["cut"])
      }
    }

    @Test func `let the upstream go when the caller of a long one leaves`() async throws {
      try await ProxyFixture.run { proxy, origin in
        let client = try proxy.connect()
        try client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
        let served = try #require(try origin.serveOne("HTTP/1.1 200 OK\r\nContent-Length: 90000000\r\n\r\n"))
        try served.connection.send([UInt8](repeating: 0x61, count: 300_000))
        #expect(client.receiveHead().hasPrefix("HTTP/1.1 200"))
        client.reset()
        #expect(served.connection.receiveAll(within: .seconds(2)).end != .open)
        #expect(try await eventually { proxy.failures.all == ["cut"] })
      }
    }
  }
}
