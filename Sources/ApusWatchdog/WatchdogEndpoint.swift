import ApusContract
import ApusHTTP
import ApusIO
import ApusTelemetry

/// Takes calls in: answers the platform's questions, keeps to the limits, asks for tokens, counts. It belongs to its
/// loop.
final class WatchdogEndpoint {
  private let settings: WatchdogSettings
  private let mode: any ServingMode
  private let gate: TokenGate?
  private let metrics: CallMetrics?
  private let lines: LineSink
  private let lock: LockFile?
  private(set) var inFlight = 0
  /// Calls are welcome.
  var isReady = false
  /// Somebody asked us to end.
  var isStopping = false

  init(
    _ settings: WatchdogSettings, _ mode: any ServingMode, _ gate: TokenGate?, metrics: CallMetrics?, lines: LineSink,
    lock: LockFile?
  ) {
    self.settings = settings
    self.mode = mode
    self.gate = gate
    self.metrics = metrics
    self.lines = lines
    self.lock = lock
  }

  func answer(_ exchange: Exchange) async {
    if exchange.head.path.hasPrefix("/_/"), let question = PlatformQuestion(exchange.head) {
      return await answer(question, exchange)
    }
    if case .connect = exchange.head.method {
      // A 2xx would promise a tunnel (RFC 9110 section 9.3.6).
      try? await exchange.respond(ResponseHead(status: 501))
      return
    }
    var call = WatchdogCall(exchange.head, settings)
    metrics?.started()
    if isFull {
      let refusal = TooManyCalls(limit: settings.callsAtOnce)
      await exchange.refuse((refusal.head, refusal.body))
    } else {
      inFlight += 1
      if await admits(exchange, &call) { await mode.answer(exchange, call) }
      inFlight -= 1
    }
    let duration = Instant.now().since(call.started)
    metrics?.ended(exchange.status ?? 0, exchange.head.method, duration)
    CallLine.write(exchange, callID: call.callID, duration, settings, to: lines)
  }

  private var isFull: Bool { settings.callsAtOnce > 0 && inFlight >= settings.callsAtOnce }

  /// Whether the caller may call; who may not has been told.
  private func admits(_ exchange: Exchange, _ call: inout WatchdogCall) async -> Bool {
    guard let gate else { return true }
    let started = Instant.now()
    switch await gate.admit(exchange, before: call.deadline) {
    case .admitted(let findings):
      call.findings = findings
      // As the contract has it.
      call.authSeconds = Seconds.text(Instant.now().since(started))
      return true
    case .refused(let status, let text):
      var (head, body) = call.failure(status, text)
      try? head.fields.set(.xOpenFaaSInternal, "faas-middleware")
      if status == 401 { try? head.fields.append(.wwwAuthenticate, TokenGate.challenge) }
      await exchange.refuse((head, body))
      return false
    }
  }

  // MARK: - What the platform asks

  private func answer(_ question: PlatformQuestion, _ exchange: Exchange) async {
    var head = ResponseHead()
    var body: [UInt8] = []
    switch question {
    case .wrongMethod: head = PlatformQuestion.methodRefusal
    case .health:
      if await isHealthy() { body = Array("OK".utf8) } else { head.status = 503 }
    case .ready:
      if await !isHealthy() {
        head.status = 503
      } else if isFull {
        head.status = 429
      } else if let path = settings.readyPath {
        var call = WatchdogCall(exchange.head, settings)
        call.target = path.hasPrefix("/") ? path : "/\(path)"
        return await mode.answer(exchange, call)
      }
    }
    try? await exchange.respond(head, body)
  }

  /// Somebody may take the lock file away to say that no calls shall come.
  private func isHealthy() async -> Bool {
    guard isReady, lock?.isThere ?? true else { return false }
    return await mode.isHealthy()
  }
}
