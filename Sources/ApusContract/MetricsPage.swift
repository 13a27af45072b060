import ApusHTTP
package import ApusIO
package import ApusTelemetry

/// `/metrics` on a port of its own, for as long as it is served.
package struct MetricsPage: Sendable {
  private let server: Server
  private let serving: Task<Void, Never>

  /// Listens and serves on `loop` from now on.
  package init(_ registry: Registry, at address: SocketAddress, on loop: Loop) throws(SystemError) {
    let listener = try Listener(Listener.bind(address), on: loop)
    let server = Server { exchange in
      guard exchange.head.path == "/metrics" else {
        try? await exchange.respond(ResponseHead(status: 404))
        return
      }
      var head = ResponseHead()
      try? head.fields.append("Content-Type", MetricsText.contentType)
      try? await exchange.respond(head, registry.page())
    }
    self.server = server
    serving = loop.spawn { try? await server.serve(listener) }
  }

  /// Cuts whoever reads it, and returns when nobody does.
  package func end() async {
    server.shutDown(grace: .zero)
    await serving.value
  }
}
