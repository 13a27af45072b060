import ApusHTTP
import ApusIO
import Testing

extension `HTTP over sockets` {
  @Suite struct `An upstream` {
    /// An upstream on `loop` with `count` connections that idle, and the last owner's hold of it.
    private static func warm(
      _ count: Int, _ address: SocketAddress, on loop: Loop
    ) async throws -> LoopBound<Upstream> {
      try await loop.perform {
        let upstream = Upstream(address, on: loop)
        var connections: [ClientConnection] = []
        for _ in 0..<count {
          let connection = try await upstream.connection(before: loop.now + .seconds(5), fresh: true)
          connection.begin(.get)
          try await connection.send(Array("GET / HTTP/1.1\r\nHost: h\r\n\r\n".utf8))
          connection.endRequest()
          try await connection.receiveHead(before: loop.now + .seconds(5))
          while try await connection.readBody(idle: .seconds(5)) != nil {}
          connections.append(connection)
        }
        for connection in connections { upstream.giveBack(connection) }
        return LoopBound(upstream, to: loop)
      }
    }

    @Test(arguments: ["closed", "dropped on its loop", "dropped elsewhere"])
    func `leaves no descriptor and no timer when it is`(_ end: String) async throws {
      try await ServerFixture.run(handler: `A server`.mirror) { server in
        let group = try LoopGroup(count: 1)
        defer { group.shutDown() }
        let loop = group.loops[0]
        let before = try await Holdings.of(group)
        for _ in 0..<20 {
          var upstream: LoopBound<Upstream>? = try await Self.warm(5, server.address, on: loop)
          #expect(try await server.connectionCount == 5)
          if end != "dropped elsewhere", let last = upstream.take() {
            let holder = Holder(last)
            try await loop.perform {
              if end == "closed" { holder.upstream?.value.close() }
              holder.upstream = nil
            }
          }
          upstream = nil
          // Long before the sweep, and seen from the other side.
          try #require(try await eventually(within: .seconds(5)) { try await server.connectionCount == 0 })
        }
        let held = try await loop.perform { loop.held }
        #expect(held == (0, 0))
        #expect(try await eventually { try await Holdings.of(group) == before })
      }
    }

    @Test func `hears of the end of a connection that idles`() async throws {
      let (origin, address) = try RawSocket.listen()
      let group = try LoopGroup(count: 1)
      defer { group.shutDown() }
      let loop = group.loops[0]
      async let warm = Self.warm(1, address, on: loop)
      let served = try #require(try origin.serveOne("HTTP/1.1 204 No Content\r\n\r\n"))
      let upstream = try await warm
      #expect(try await loop.perform { upstream.value.idleCount } == 1)
      served.connection.close()
      #expect(try await eventually { try await loop.perform { upstream.value.idleCount } == 0 })
      try await loop.perform { upstream.value.close() }
      origin.close()
    }
  }
}

/// Lets go of an upstream where the test says.
// Safe because one thread at a time has it: the test waits while the loop does.
private final class Holder: @unchecked Sendable {
  var upstream: LoopBound<Upstream>?

  init(_ upstream: consuming LoopBound<Upstream>) { self.upstream = upstream }
}
