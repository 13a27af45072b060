package import ApusHTTP
internal import ApusIO
internal import ApusModel
package import ApusTelemetry

/// Answers the calls of one function: takes them in, gives them to the handler within their time, sends the answer.
///
/// It belongs to one loop.
package final class CallRunner {
  private let settings: FunctionSettings
  private let handler: Handler
  private let log: Log
  private let secrets: Secrets
  private let metrics: CallMetrics?
  private let background: BackgroundWork
  private let lines: CallLines
  package private(set) var inFlight = 0
  /// Calls are welcome: `/_/ready` says so.
  package var isReady = false

  package init(
    _ settings: FunctionSettings, _ handler: Handler, log: Log, secrets: Secrets, metrics: CallMetrics?,
    background: BackgroundWork
  ) {
    self.settings = settings
    self.handler = handler
    self.log = log
    self.secrets = secrets
    self.metrics = metrics
    self.background = background
    lines = CallLines(log)
  }

  package func answer(_ exchange: Exchange) async {
    if exchange.head.path.hasPrefix("/_/"), await answerPlatform(exchange) { return }
    if settings.callsAtOnce > 0, inFlight >= settings.callsAtOnce { return await refuse(exchange) }
    inFlight += 1
    metrics?.started()
    let started = Instant.now()
    await call(exchange, Request(exchange), started)
    inFlight -= 1
    let duration = Instant.now().since(started)
    metrics?.ended(exchange.status ?? 0, exchange.head.method.name, duration)
    if settings.logsCalls { lines.write(exchange, duration) }
  }

  private func call(_ exchange: Exchange, _ request: Request, _ started: Instant) async {
    let (deadline, limit) = time(of: request, from: started)
    let context = makeContext(exchange, request, deadline)
    exchange.limit(to: deadline) { CallRunner.late(limit, context.callID, started) }
    do {
      try await send(try await handler.run(request, context), exchange, context, started)
    } catch {
      guard !exchange.isStarted else {
        // Cut: the connection closes because the answer was not finished.
        return context.log.error("the answer was cut", ["error": "\(error)"])
      }
      let wantsJSON = request.headers["Accept"].map { Accept.asksForJSON($0) } ?? false
      let response = Problem(error, in: context).response(asJSON: wantsJSON)
      // A failure here is the caller's having gone: there is nobody to tell.
      try? await send(response, exchange, context, started)
    }
  }

  // MARK: - Around the call

  /// The end of the call, and the limit that sets it: `exec_timeout`, or a shorter `X-Timeout`.
  private func time(of request: Request, from started: Instant) -> (Instant, String) {
    let own = settings.executionTime ?? FunctionSettings.usualExecutionTime
    guard let text = request.headers["X-Timeout"], let asked = try? GoDuration.parse(text), asked > .zero,
      asked < own || settings.executionTime == nil
    else { return (started + own, "exec_timeout of \(GoDuration.format(own))") }
    return (started + asked, "X-Timeout of \(GoDuration.format(asked))")
  }

  private static func late(_ limit: String, _ callID: String, _ started: Instant) -> (ResponseHead, [UInt8]) {
    var head = ResponseHead(status: 504)
    try? head.fields.append("Content-Type", "text/plain; charset=utf-8")
    try? head.fields.append("X-OpenFaaS-Internal", "of-watchdog")
    addStamps(&head.fields, callID, started)
    let text = "The function did not answer within its \(limit). Ask for less at once, or raise the limit.\n"
    return (head, Array(text.utf8))
  }

  private func makeContext(_ exchange: Exchange, _ request: Request, _ deadline: Instant) -> Context {
    let given = request.headers["X-Call-Id"].flatMap { try? CallID(fromClient: $0) }
    let callID = (given ?? CallID()).text
    return Context(
      callID: callID, functionName: settings.name, namespace: settings.namespace,
      clientAddress: clientAddress(exchange, request),
      trace: TraceContext(traceparent: request.headers["traceparent"], tracestate: request.headers["tracestate"]),
      log: log, end: deadline, secrets: secrets,
      background: background)
  }

  /// Behind a Unix socket the peer is the gateway, whose word counts; a TCP peer's counts only if it is trusted.
  private func clientAddress(_ exchange: Exchange, _ request: Request) -> String? {
    let peer = exchange.peer?.host
    if let peer, !settings.trustedProxies.contains(peer) { return peer }
    return settings.trustedProxies.client(forwardedFor: request.headers.values("X-Forwarded-For"), peer: peer)
  }

  // MARK: - The answer

  private func send(
    _ response: Response, _ exchange: Exchange, _ context: Context, _ started: Instant
  ) async throws {
    let status = (200...599).contains(response.status.code) ? response.status.code : 500
    var head = ResponseHead(status: status, fields: response.headers.fields)
    CallRunner.addStamps(&head.fields, context.callID, started)
    switch response.body {
    case .bytes(let bytes):
      try await exchange.respond(head, bytes)
    case .stream(let length, let write):
      try exchange.start(head, length: length)
      try await exchange.flush()
      try await write(ResponseWriter(sink: .exchange(exchange)))
      try await exchange.finish()
    }
  }

  private static func addStamps(_ fields: inout Fields, _ callID: String, _ started: Instant) {
    // Both are ours and well formed.
    if !fields.contains(.xCallID) { try? fields.append(.xCallID, callID) }
    try? fields.append("X-Duration-Seconds", Seconds.text(Instant.now().since(started)))
  }

  private func refuse(_ exchange: Exchange) async {
    metrics?.started()
    var head = ResponseHead(status: 429)
    try? head.fields.append("Content-Type", "text/plain")
    try? head.fields.append("X-OpenFaaS-Internal", "faas-middleware")
    try? head.fields.append("Retry-After", "1")
    let most = settings.callsAtOnce
    let text = "Concurrent request limit exceeded. Max concurrent requests: \(most)\n"
    try? await exchange.respond(head, Array(text.utf8))
    metrics?.ended(429, exchange.head.method.name, .zero)
  }

  // MARK: - What the platform asks

  /// Health and readiness; false for any other path, which is the function's.
  private func answerPlatform(_ exchange: Exchange) async -> Bool {
    let path = exchange.head.path
    guard path == "/_/health" || path == "/_/ready" else { return false }
    guard exchange.head.method == .get else {
      var head = ResponseHead(status: 405)
      try? head.fields.append("Allow", "GET")
      try? await exchange.respond(head)
      return true
    }
    if !isReady {
      try? await exchange.respond(ResponseHead(status: 503))
    } else if path == "/_/health" {
      try? await exchange.respond(ResponseHead(), Array("OK".utf8))
    } else if settings.callsAtOnce > 0, inFlight >= settings.callsAtOnce {
      try? await exchange.respond(ResponseHead(status: 429))
    } else if let readyPath = settings.readyPath {
      await call(exchange, Request(.get, readyPath), .now())
    } else {
      try? await exchange.respond(ResponseHead())
    }
    return true
  }
}
