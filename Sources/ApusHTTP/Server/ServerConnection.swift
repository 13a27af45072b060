import ApusIO

/// A server's side of one connection: reads request after request and runs the handler for each.
final class ServerConnection: HangUpObserver {
  /// Answers to pipelined requests gather up to here before they leave.
  static let flushLimit = 16 * 1024

  /// Calls served without a pause before the loop's other tasks get their turn.
  private static let turn = 32

  let wire: BufferedTransport
  var head = RequestHead()
  private(set) var isDraining = false
  /// The call's time ran out while its handler was running: the handler has no say any more.
  private(set) var isCut = false
  /// Between two requests, and nobody has closed it yet.
  private var isIdle = true

  /// The task that serves this connection, so that a handler whose caller left or whose time is up is cancelled.
  var task: Task<Void, Never>?

  private let dates: DateLine
  private let refusals: Server.RefusalSink?
  private var parser: RequestParser
  private var timer: Timer?
  /// What to answer when the timer fires before the handler has.
  private var lateAnswer: Exchange.LateAnswer?
  private var lateFlush: Task<Void, Never>?

  init(_ transport: any Transport, limits: Limits, dates: DateLine, refusals: Server.RefusalSink?) {
    wire = BufferedTransport(transport, limits: limits)
    self.dates = dates
    self.refusals = refusals
    parser = RequestParser(limits: limits)
  }

  /// Serves until either side ends it, then closes.
  func run(_ handler: Server.Handler, isSecure: Bool) async {
    let exchange = Exchange(self, isSecure: isSecure)
    defer { if let timer { wire.loop.remove(timer) } }
    do throws(HTTPError) {
      while try await readHead(isFirst: exchange.serial == 0) {
        isIdle = false
        exchange.begin()
        wire.transport.onHangUp = self
        await handler(exchange)
        wire.transport.onHangUp = nil
        endLimit()
        // One writer at a time: the late answer is still on its way.
        if let lateFlush { await lateFlush.value }
        guard try await conclude(exchange) else { return }
        isIdle = true
        // A peer that always has more to ask never makes us wait; others have their turn all the same.
        if exchange.serial % ServerConnection.turn == 0 { await Task.yield() }
      }
      try await wire.flush()
      await wire.closeGently()
    } catch {
      // Unsent output means that it was our answer to an earlier request that took too long.
      await answer(error, isMidRequest: !wire.input.isEmpty && wire.output.isEmpty)
      wire.transport.close()
    }
  }

  /// True if the connection goes on to the next request.
  private func conclude(_ exchange: Exchange) async throws(HTTPError) -> Bool {
    var next = exchange.next()
    if next == .drain {
      try await wire.flush()
      next = await exchange.discardBody() ? .keepAlive : .closeGently
    }
    switch next {
    case .keepAlive: return true
    case .release: return false
    case .abort:
      if !exchange.isStarted, let failure = exchange.failure { await answer(failure, isMidRequest: true) }
      // Where the body lasts until the end of the connection, a plain end would make it whole.
      if exchange.machine.endsByClosing { wire.transport.spliceable?.closesWithReset() }
      wire.transport.close()
      return false
    case .closeGently, .drain:
      try await wire.flush()
      await wire.closeGently()
      return false
    }
  }

  /// Reads the next request's head; false when the peer ends the connection in good order.
  private func readHead(isFirst: Bool) async throws(HTTPError) -> Bool {
    var isUnderWay = false
    while true {
      if !wire.input.isEmpty, try parse() { return true }
      try await wire.flush()
      // The server may have begun to end while the peer took our last answer.
      if isDraining, wire.input.isEmpty { return false }
      if wire.input.isEmpty {
        // The time between requests is the peer's to take; the first one has to come.
        wire.setReadDeadline(after: isFirst ? wire.limits.headTime : wire.limits.keepAliveIdle)
      } else if !isUnderWay {
        // Set once: a head that trickles in has this much time in all.
        isUnderWay = true
        wire.setReadDeadline(after: wire.limits.headTime)
      }
      if try await wire.receive() == 0 {
        if wire.input.isEmpty { return false }
        throw .truncated
      }
    }
  }

  private func parse() throws(HTTPError) -> Bool {
    do throws(WireError) {
      let consumed = try parser.parse(wire.input.readable, into: &head)
      wire.input.consume(consumed)
      wire.input.releaseIfEmpty()
      return consumed > 0
    } catch {
      throw .wire(error)
    }
  }

  func appendHead(_ answer: ResponseHead, _ framing: Framing, closes: Bool) {
    var answer = answer
    answer.minorVersion = head.minorVersion
    wire.output.appendHead(answer, framing: framing, close: closes, date: dates.line(at: wire.loop.now))
  }

  private static func plainText(_ status: Int) throws(FieldError) -> ResponseHead {
    var fields = Fields()
    try fields.append(.contentType, "text/plain; charset=utf-8")
    return ResponseHead(status: status, fields: fields)
  }

  /// Tells a peer that sent something wrong, or too slowly, what it was, as far as it still listens.
  private func answer(_ error: HTTPError, isMidRequest: Bool) async {
    let status: Int
    switch error {
    case .wire(let wire): status = wire.status
    case .io(.expired) where isMidRequest: status = 408
    default: return
    }
    refusals?(status, error)
    let text = error.description + "\n"
    guard let head = try? ServerConnection.plainText(status) else { return }
    appendHead(head, .length(UInt64(text.utf8.count)), closes: true)
    wire.output.append(text)
    do throws(HTTPError) {
      try await wire.flush()
      await wire.closeGently()
    } catch {
      // The peer is gone: there is nobody left to tell.
    }
  }

  // MARK: - Limits of a call

  /// The caller has left: nobody waits for what the handler does.
  func peerDidHangUp() {
    task?.cancel()
  }

  func limit(_ exchange: Exchange, to deadline: Instant, _ answer: @escaping Exchange.LateAnswer) {
    lateAnswer = answer
    let timer =
      self.timer
      ?? Timer { [weak self, weak exchange] in
        if let self, let exchange { self.expire(exchange) }
      }
    self.timer = timer
    wire.loop.set(timer, to: deadline)
  }

  func endLimit() {
    lateAnswer = nil
    if let timer, !isCut { wire.loop.set(timer, to: .never) }
  }

  /// Answers for the handler, which may still run: what it reads or says from here on is an error to it.
  private func expire(_ exchange: Exchange) {
    guard let answer = lateAnswer, let timer else { return wire.transport.close() }
    lateAnswer = nil
    task?.cancel()
    guard !exchange.isStarted else { return wire.transport.close() }
    let (head, body) = answer()
    exchange.answerLate(head, body)
    isCut = true
    // Whatever the handler waits for on this connection ends now, so that there is one reader and one writer again.
    wire.transport.setDeadline(wire.loop.now, for: .read)
    wire.transport.setDeadline(wire.loop.now, for: .write)
    wire.loop.set(timer, to: wire.loop.now + wire.limits.lingerTime)
    let this = LoopBound(self, to: wire.loop)
    lateFlush = wire.loop.spawn {
      let wire = this.value.wire
      do throws(HTTPError) {
        try await wire.flush()
        await wire.transport.endWriting()
      } catch {
        // What is left goes out when the handler returns, or nowhere when the timer comes up.
      }
    }
  }

  /// It may be closed without loss: it is between two requests, the last answer has left, and no next one has begun.
  var mayBeClosed: Bool { isIdle && wire.output.isEmpty && wire.input.isEmpty && !wire.transport.isClosed }

  /// Called when the server ends: an idle connection closes now, a busy one after its answer.
  func drain() {
    isDraining = true
    if mayBeClosed { wire.transport.close() }
  }
}
