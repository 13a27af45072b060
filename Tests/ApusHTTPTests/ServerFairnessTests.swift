import ApusHTTP
import ApusIO
import Synchronization
import Testing

extension `HTTP over sockets` {
  @Suite struct `A connection that never pauses` {
    /// Puts an endless connection in the place of the first one.
    private final class Place: Sendable {
      private let taken = Mutex<EndlessTransport?>(nil)

      var endless: EndlessTransport? { taken.withLock { $0 } }

      func take(_ stream: Stream) -> any Transport {
        taken.withLock { taken in
          if taken != nil { return stream }
          let endless = EndlessTransport(stream)
          taken = endless
          return endless
        }
      }
    }

    @Test func `leaves the others of its loop their turn`() async throws {
      let place = Place()
      let handler: Server.Handler = { try? await $0.respond(ResponseHead(), [0x78]) }
      try await ServerFixture.run(wrap: { place.take($0) }, handler: handler) { server in
        let busy = try server.connect()
        let endless = try #require(try await Self.started(place))
        defer { endless.stop() }
        let before = endless.readCount
        for _ in 0..<20 {
          let (text, end) = try server.ask("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
          #expect(text.hasSuffix("x"))
          guard end == .closed else {
            Issue.record("nobody had time for the other connection")
            break
          }
        }
        // It went on meanwhile: nobody stopped it for us.
        #expect(endless.readCount > before)
        busy.close()
      }
    }

    private static func started(_ place: Place) async throws -> EndlessTransport? {
      _ = try await eventually { (place.endless?.readCount ?? 0) > 100 }
      return place.endless
    }
  }
}
