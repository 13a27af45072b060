package import ApusIO
package import ApusTelemetry

extension Context {
  /// The context of a call as its request and the settings make it.
  package init(
    _ request: Request, callID: String, peer: SocketAddress?, end: Instant, settings: FunctionSettings, log: Log,
    secrets: Secrets, background: BackgroundWork
  ) {
    self.init(
      callID: callID, functionName: settings.name, namespace: settings.namespace,
      clientAddress: settings.trustedProxies.client(
        forwardedFor: request.headers.values("X-Forwarded-For"), peer: peer?.host),
      trace: TraceContext(request.headers), log: log, end: end, secrets: secrets, background: background)
  }
}
