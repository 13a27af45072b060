import ApusHTTP
import ApusIO
import Synchronization

/// A proxy before an upstream that the test plays itself, or before another server.
struct ProxyFixture {
  let server: ServerFixture
  /// How calls failed: the failure's case.
  let failures: Notes
  private let upstream: LoopBound<Upstream>

  static func run(
    to address: SocketAddress, limits: Limits = Limits(), deadline: Duration = .seconds(60),
    streamIdle: Duration? = nil, at: SocketAddress? = nil, rewrite: Proxy.Rewrite = Proxy.Rewrite(),
    system: any SystemCalls = KernelCalls.shared,
    _ body: (ProxyFixture) async throws -> Void
  ) async throws {
    let group = try LoopGroup(count: 1, system: system)
    let loop = group.loops[0]
    let failures = Notes()
    let upstream = try await loop.perform { LoopBound(Upstream(address, on: loop, limits: limits), to: loop) }
    let handler: Server.Handler = { exchange in
      do throws(Proxy.Failure) {
        try await Proxy().forward(
          exchange, to: upstream.value, rewrite, deadline: exchange.loop.now + deadline, streamIdle: streamIdle)
      } catch {
        failures.add(name(error))
        guard !exchange.isStarted else { return }
        try? await exchange.respond(ResponseHead(status: 502), Array("\(error)\n".utf8))
      }
    }
    try await ServerFixture.run(
      limits: limits, group: group, at: at, handler: handler,
      { try await body(ProxyFixture(server: $0, failures: failures, upstream: upstream)) },
      tearDown: { upstream.value.close() })
  }

  /// Before an upstream that the test plays: `body` gets its listening socket.
  static func run(
    limits: Limits = Limits(), deadline: Duration = .seconds(60), streamIdle: Duration? = nil, window: CInt? = nil,
    rewrite: Proxy.Rewrite = Proxy.Rewrite(), _ body: (ProxyFixture, RawSocket) async throws -> Void
  ) async throws {
    let (origin, address) = try RawSocket.listen(window: window)
    try await run(to: address, limits: limits, deadline: deadline, streamIdle: streamIdle, rewrite: rewrite) {
      try await body($0, origin)
    }
    origin.close()
  }

  private static func name(_ failure: Proxy.Failure) -> String {
    switch failure {
    case .unreachable: "unreachable"
    case .noAnswer: "noAnswer"
    case .expired: "expired"
    case .cut: "cut"
    case .caller: "caller"
    }
  }

  func connect(window: CInt? = nil) throws -> RawSocket { try server.connect(window: window) }

  var idleCount: Int {
    get async throws {
      let upstream = upstream
      return try await upstream.loop.perform { upstream.value.idleCount }
    }
  }
}

extension RawSocket {
  /// Plays an upstream for one request: takes the connection, reads a head, sends `answer`.
  func serveOne(_ answer: String) throws -> (connection: RawSocket, head: String)? {
    guard let connection = accept() else { return nil }
    let head = connection.receiveHead()
    try connection.send(answer)
    return (connection, head)
  }
}
