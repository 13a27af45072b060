import ApusGateway
import ApusHTTP
import ApusIO
import ApusTelemetry

/// The metrics page on its own port, for Prometheus: `/metrics`, and `/healthz` as OpenFaaS has it there.
struct MetricsServer {
  let address: SocketAddress
  private let server: Server
  private let serving: Task<Void, Never>

  /// Listens and serves on `loop` from now on.
  init(_ gateway: Gateway, _ address: SocketAddress, on loop: Loop) throws {
    let listener = try Listener(Listener.bind(address), on: loop)
    self.address = listener.address
    let server = Server { exchange in await MetricsServer.answer(exchange, gateway) }
    self.server = server
    serving = loop.spawn { try? await server.serve(listener) }
  }

  private static func answer(_ exchange: Exchange, _ gateway: Gateway) async {
    var head = ResponseHead()
    switch exchange.head.path {
    case "/metrics":
      try? head.fields.append(.contentType, MetricsText.contentType)
      try? await exchange.respond(head, gateway.metricsPage())
    case "/healthz":
      try? await exchange.respond(head, Array("OK".utf8))
    default:
      head.status = 404
      try? await exchange.respond(head)
    }
  }

  func end() async {
    server.shutDown(grace: .zero)
    await serving.value
  }
}
