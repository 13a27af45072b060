package import ApusContract
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
  private let surroundings: Context.Surroundings
  private let metrics: CallMetrics?
  private let lines: CallLines
  private var ids = CallIDSource()
  package private(set) var inFlight = 0
  /// Calls are welcome: `/_/ready` says so.
  package var isReady = false

  package init(
    _ settings: FunctionSettings, _ handler: Handler, log: Log, secrets: Secrets, metrics: CallMetrics?,
    background: BackgroundWork
  ) {
    self.settings = settings
    self.handler = handler
    self.metrics = metrics
    surroundings = Context.Surroundings(settings, log: log, secrets: secrets, background: background)
    lines = CallLines(log)
  }

  package func answer(_ exchange: Exchange) async {
    let started = Instant.now()
    let request = Request(exchange)
    if request.path.hasPrefix("/_/"), await answerPlatform(exchange) { return }
    if case .connect = exchange.head.method {
      // A 2xx would promise a tunnel (RFC 9110 section 9.3.6).
      try? await exchange.respond(ResponseHead(status: 501))
      return
    }
    let callID = callID(request)
    metrics?.started()
    if settings.callsAtOnce > 0, inFlight >= settings.callsAtOnce {
      await refuse(exchange, callID, started)
    } else {
      inFlight += 1
      await call(exchange, request, callID, started)
      inFlight -= 1
    }
    let duration = Instant.now().since(started)
    metrics?.ended(exchange.status ?? 0, exchange.head.method, duration)
    if settings.logsCalls { lines.write(exchange, callID, duration) }
    await request.body.end(exchange)
  }

  private func call(_ exchange: Exchange, _ request: Request, _ callID: String, _ started: Instant) async {
    let time = settings.time(of: request)
    let context = Context(
      request, callID: callID, peer: exchange.peer, end: started + time.limit, surroundings)
    exchange.limit(to: context.end) { CallRunner.late(time, request, context, started) }
    do {
      try await send(try await handler.run(request, context), exchange, context, started)
    } catch {
      guard !exchange.isStarted else { return CallRunner.logCut(error, context) }
      // A failure here is the caller's having gone: there is nobody to tell.
      try? await send(Problem(error, in: context).response(to: request), exchange, context, started)
    }
  }

  // MARK: - Around the call

  /// The caller's id for the call, if it can't forge a log line; else one of ours.
  private func callID(_ request: Request) -> String {
    let given = request.headers.fields[.xCallID].flatMap { try? CallID(fromClient: $0) }
    return (given ?? ids.next()).text
  }

  /// The answer that is given when the handler has not answered in time; it names the limit that ended the call.
  private static func late(
    _ time: CallTime, _ request: Request, _ context: Context, _ started: Instant
  ) -> (ResponseHead, [UInt8]) {
    let limit = "\(time.source) of \(GoDuration.format(time.limit))"
    context.log.warning("the call took too long", ["limit": limit])
    let response = Problem(
      .gatewayTimeout, "The function did not answer in time",
      detail: "Its \(limit) is over. Ask for less at once, or raise the limit.",
      headers: ["X-OpenFaaS-Internal": "of-watchdog"]
    ).response(to: request)
    var head = ResponseHead(status: response.status.code, fields: response.headers.fields)
    addStamps(&head.fields, context.callID, started)
    return (head, response.bytes ?? [])
  }

  /// The connection closes because the answer was not finished, so that no part of it looks whole.
  private static func logCut(_ error: any Error, _ context: Context) {
    let hasLeft = Task.isCancelled || (error as? HTTPError)?.isDisconnect == true
    if hasLeft {
      context.log.info("the call ended before its answer", ["reason": "\(error)"])
    } else {
      context.log.error("the answer was cut", ["error": "\(error)"])
    }
  }

  // MARK: - The answer

  private func send(
    _ response: Response, _ exchange: Exchange, _ context: Context, _ started: Instant
  ) async throws {
    let status = (200...599).contains(response.status.code) ? response.status.code : 500
    var head = ResponseHead(status: status, fields: response.headers.fields)
    for name in response.headers.refused {
      context.log.warning("a header field can't be sent and was left out", ["name": name])
    }
    CallRunner.addStamps(&head.fields, context.callID, started)
    switch response.body {
    case .bytes(let bytes):
      try await exchange.respond(head, bytes)
    case .stream(let length, let write):
      try exchange.start(head, length: length)
      // Events last as long as somebody listens: a gateway ends those that have fallen silent.
      if CallRunner.isEventStream(head) { exchange.endLimit() }
      try await exchange.flush()
      // Where no content follows (RFC 9110 sections 9.3.2 and 15.3.5) there is nothing to write, perhaps without end.
      if exchange.head.method != .head, status != 204, status != 304 {
        try await write(ResponseWriter(sink: .call(exchange, serial: exchange.serial)))
      }
      try await exchange.finish()
    }
  }

  private static func isEventStream(_ head: ResponseHead) -> Bool {
    let type = head.fields[.contentType]?.prefix { $0 != ";" && $0 != " " }
    return type?.lowercased() == "text/event-stream"
  }

  /// Both are the runtime's to say, whatever a handler passes on from elsewhere.
  private static func addStamps(_ fields: inout Fields, _ callID: String, _ started: Instant) {
    fields.reserve(fields: 2, bytes: 64 + callID.utf8.count)
    // Both are ours and well formed.
    try? fields.set(.xCallID, callID)
    try? fields.set(.xDurationSeconds, Seconds.text(Instant.now().since(started)))
  }

  private func refuse(_ exchange: Exchange, _ callID: String, _ started: Instant) async {
    let refusal = TooManyCalls(limit: settings.callsAtOnce)
    var head = refusal.head
    CallRunner.addStamps(&head.fields, callID, started)
    try? await exchange.respond(head, refusal.body)
  }

  // MARK: - What the platform asks

  /// Health and readiness; false for any other path, which is the function's.
  private func answerPlatform(_ exchange: Exchange) async -> Bool {
    guard let question = PlatformQuestion(exchange.head) else { return false }
    if case .wrongMethod = question {
      try? await exchange.respond(PlatformQuestion.methodRefusal)
      return true
    }
    if !isReady {
      try? await exchange.respond(ResponseHead(status: 503))
    } else if case .health = question {
      try? await exchange.respond(ResponseHead(), Array("OK".utf8))
    } else if settings.callsAtOnce > 0, inFlight >= settings.callsAtOnce {
      try? await exchange.respond(ResponseHead(status: 429))
    } else if let readyPath = settings.readyPath {
      let request = Request(asking: readyPath)
      await call(exchange, request, callID(request), .now())
    } else {
      try? await exchange.respond(ResponseHead())
    }
    return true
  }
}
