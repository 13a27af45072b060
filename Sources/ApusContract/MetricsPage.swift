package import ApusHTTP
package import ApusIO
package import ApusTelemetry

/// `/metrics` on a port of its own.
package enum MetricsPage {
  /// Begins to serve; the server that is answered ends it.
  package static func serve(
    _ registry: Registry, at address: SocketAddress, on loop: Loop
  ) throws(SystemError) -> Server {
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
    loop.spawn { try? await server.serve(listener) }
    return server
  }
}
