import ApusIO
import Glibc
import Instruments
import Testing

@Suite struct `A connection under way` {
  private static func failure(_ address: SocketAddress, on loop: Loop) async -> SystemError? {
    do {
      let stream = try await Stream.connect(to: address, on: loop)
      stream.close()
      return nil
    } catch {
      guard case .system(let error) = error else { return nil }
      return error
    }
  }

  private static func freeAddress() throws -> SocketAddress {
    let listening = try listenOnLoopback()
    return try Listener.localAddress(listening.raw)
  }

  @Test func `is refused where nobody listens`() async throws {
    try await withFolder { folder in
      try await onLoop { loop in
        let free = try Self.freeAddress()
        let tcp = await Self.failure(free, on: loop)
        #expect(
          tcp?.description == "could not connect to \(free): Connection refused. Nothing listens there: is the program"
            + " running, and is the address right?")
        let missing = await Self.failure(.unix("\(folder)/none.sock"), on: loop)
        #expect(
          missing?.description
            == "could not connect to unix:\(folder)/none.sock: No such file or directory. The socket file"
            + " does not exist: has the program started?")
        do { _ = try Listener.bind(.unix("\(folder)/stale.sock")) }
        let stale = await Self.failure(.unix("\(folder)/stale.sock"), on: loop)
        #expect(stale?.code == ECONNREFUSED)
      }
    }
  }

  @Test func `ends at its deadline when the waiting line is full`() async throws {
    try await onLoop { loop in
      let listening = try listenOnLoopback(backlog: 0)
      let address = try Listener.localAddress(listening.raw)
      var streams: [Stream] = []
      var error: IOError?
      // Nobody accepts: the line holds one or two, and from then on the kernel drops what comes.
      for _ in 0..<16 where error == nil {
        let deadline = Instant.now() + .milliseconds(50)
        do throws(IOError) {
          streams.append(try await Stream.connect(to: address, on: loop, deadline: deadline))
        } catch let failure {
          error = failure
          #expect(Instant.now() >= deadline)
        }
      }
      #expect(error == .expired)
      for stream in streams { stream.close() }
      _ = listening.raw
    }
  }

  @Test func `is refused by a full line of a Unix socket`() async throws {
    try await withFolder { folder in
      try await onLoop { loop in
        let address = SocketAddress.unix("\(folder)/x.sock")
        let listening = try Listener.bind(address, backlog: 0)
        let first = try await Stream.connect(to: address, on: loop)
        let error = await Self.failure(address, on: loop)
        #expect(error?.code == EAGAIN)
        #expect(error?.advice == "Its waiting line is full: the program does not accept fast enough")
        first.close()
        _ = listening.raw
      }
    }
  }

  @Test func `has no deadline left once it stands`() async throws {
    try await onLoop { loop in
      let listener = try Listener(try listenOnLoopback(), on: loop)
      let deadline = Instant.now() + .milliseconds(200)
      let client = try await Stream.connect(to: listener.address, on: loop, deadline: deadline)
      let server = try #require(try await listener.accept())
      try await loop.sleep(until: deadline + .milliseconds(5))
      // More than the buffers hold, so that the write waits.
      async let written: Void = client.write([UInt8](repeating: 1, count: 16 << 20))
      var received = 0
      while received < 16 << 20 { received += try await server.readText(1 << 20).utf8.count }
      try await written
      for stream in [client, server] { stream.close() }
      listener.close()
    }
  }

  @Test func `that the peer resets is a value`() async throws {
    try await onLoop { loop in
      let listener = try Listener(try listenOnLoopback(), on: loop)
      let client = try await Stream.connect(to: listener.address, on: loop)
      let server = try #require(try await listener.accept())
      // Closed at once and with what was sent unread: the kernel answers RST (socket(7), SO_LINGER).
      var linger = linger(l_onoff: 1, l_linger: 0)
      setsockopt(server.raw, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<linger>.size))
      server.close()
      let error = await #expect(throws: IOError.self) { try await client.readText() }
      #expect(error?.isDisconnect == true)
      #expect(error?.description.contains("\(listener.address)") == true)
      client.close()
      listener.close()
    }
  }
}
