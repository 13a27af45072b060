import ApusHTTP
import ApusIO
import Testing

extension `HTTP over sockets` {
  @Suite struct `A stalled transfer` {
    /// Sends until the whole way to the caller is full.
    private static func fill(_ origin: RawSocket) -> Int {
      let block = [UInt8](repeating: 0x61, count: 65_536)
      var (sent, silence) = (0, 0)
      while silence < 10, sent < 64 << 20 {
        let count = origin.sendWithoutWaiting(block)
        sent += count
        silence = count == 0 ? silence + 1 : 0
        if count == 0 { usleepForALook() }
      }
      return sent
    }

    // A loop that runs in circles calls the kernel again and again; one that waits does not call it at all. The caller
    // takes nothing, so the upstream's bytes wait in the kernel, with its end behind them where it has left.
    @Test(arguments: [(false, true), (true, true), (true, false)])
    func `costs no call of the kernel while it lasts`(_ upstreamEnds: Bool, _ isSpliced: Bool) async throws {
      let calls = CountedCalls()
      let path = "/tmp/apus-stall-\(UInt32.random(in: 0 ... .max)).sock"
      // A Unix socket's hang-up is told at once; TCP tells it only behind the bytes before it.
      let (origin, address) = try RawSocket.listen(on: .unix(path))
      defer { _ = shell("rm -f \(path)") }
      try await ProxyFixture.run(to: address, system: calls) { proxy in
        let client = try proxy.connect(window: 16_384)
        try client.send("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
        let framing = isSpliced ? "Content-Length: \(1 << 30)\r\n\r\n" : "\r\n"
        let served = try #require(try origin.serveOne("HTTP/1.1 200 OK\r\n" + framing))
        let sent = Self.fill(served.connection)
        if upstreamEnds {
          served.connection.close()
        } else {
          served.connection.endWriting()
        }
        usleepForALook()
        #expect((calls.spliceCount > 0) == isSpliced)
        let before = calls.count
        for _ in 0..<15 { usleepForALook() }
        #expect(calls.count - before <= 2)
        // It was no end: all of it arrives once the caller takes it.
        let (bytes, end) = client.receiveAllBytes()
        #expect(bytes.count > sent)
        #expect(end != .open)
        #expect(try await eventually { isSpliced ? proxy.failures.all == ["cut"] : proxy.failures.all == [] })
      }
      origin.close()
    }

    @Test func `costs no call of the kernel while its upstream is silent`() async throws {
      let calls = CountedCalls()
      let (origin, address) = try RawSocket.listen()
      try await ProxyFixture.run(to: address, system: calls) { proxy in
        let client = try proxy.connect()
        try client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
        let served = try #require(try origin.serveOne("HTTP/1.1 200 OK\r\nContent-Length: 9000000\r\n\r\n"))
        #expect(client.receiveHead().hasPrefix("HTTP/1.1 200"))
        try served.connection.send([UInt8](repeating: 0x61, count: 500_000))
        #expect(client.receive(500_000).utf8.count == 500_000)
        usleepForALook()
        let before = calls.count
        for _ in 0..<15 { usleepForALook() }
        #expect(calls.count - before <= 2)
        served.connection.close()
        #expect(client.receiveAll() == ("", .closed))
      }
      origin.close()
    }
  }
}
