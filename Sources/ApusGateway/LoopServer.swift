package import ApusHTTP
package import ApusIO
import ApusModel

/// What one loop of the gateway has to itself: its server, its connections to replicas, its call ids.
package final class LoopServer {
  package let loop: Loop
  let upstreams: Upstreams
  var ids = CallIDSource()
  private let limits: Limits
  private let wrap: Server.Wrap?
  private var server: Server?

  package init(on loop: Loop, limits: Limits, wrap: Server.Wrap? = nil) {
    self.loop = loop
    self.limits = limits
    self.wrap = wrap
    upstreams = Upstreams(on: loop, limits: limits)
  }

  /// Serves until `shutDown`.
  func run(_ listener: Listener, _ gateway: Gateway) async throws(SystemError) {
    let this = LoopBound(self, to: loop)
    let refusals: Server.RefusalSink = { [metrics = gateway.metrics] status, _ in metrics.refused(status) }
    let server = Server(limits: limits, wrap: wrap, refusals: refusals) { exchange in
      await gateway.answer(exchange, this.value)
    }
    self.server = server
    // Its handler holds us.
    defer { self.server = nil }
    try await server.serve(listener)
  }

  package func shutDown(grace: Duration) {
    server?.shutDown(grace: grace)
  }
}
