package import ApusIO

/// A client's side of one connection: sends a request, reads the response, and can be used again if both were whole.
package final class ClientConnection: HangUpObserver {
  package var transport: any Transport { wire.transport }
  /// The response's head, after `receiveHead`.
  package private(set) var head = ResponseHead()
  /// When it was last given back; old idle connections are closed first.
  var idleSince = Instant.never
  /// It has carried a whole exchange before, so the server may have closed it meanwhile.
  package private(set) var isReused = false

  let wire: BufferedTransport
  private var parser: ResponseParser
  private var decoder: BodyDecoder
  private var method = Method.get
  private var lent = 0
  private(set) var requestIsWhole = false
  private var headIsRead = false
  /// `wire.bytesSent` when the present request began.
  private var sentBefore: UInt64 = 0

  package init(_ transport: any Transport, limits: Limits) {
    wire = BufferedTransport(transport, limits: limits)
    parser = ResponseParser(limits: limits)
    decoder = BodyDecoder(.none, limits: limits)
  }

  // MARK: - Request

  /// Begins a request; the head and what follows leave with the next flush.
  package func begin(_ method: Method) {
    self.method = method
    headIsRead = false
    requestIsWhole = false
    sentBefore = wire.bytesSent
    wire.output.removeAll()
    parser = ResponseParser(limits: wire.limits)
  }

  package func send(_ bytes: UnsafeRawBufferPointer) async throws(HTTPError) {
    try await wire.send(bytes)
  }

  package func send(_ bytes: [UInt8]) async throws(HTTPError) {
    try await wire.send(bytes)
  }

  package func flush() async throws(HTTPError) {
    try await wire.flush()
  }

  /// The request has been sent to its end.
  package func endRequest() {
    requestIsWhole = true
  }

  // MARK: - Response

  /// Reads the next response head into `head`: an interim one (1xx) or the final one.
  package func receiveHead(before deadline: Instant) async throws(HTTPError) {
    wire.transport.setDeadline(deadline, for: .read)
    while true {
      if !wire.input.isEmpty, try parseHead() { return }
      if try await wire.receive() == 0 { throw .truncated }
    }
  }

  private func parseHead() throws(HTTPError) -> Bool {
    do throws(WireError) {
      let consumed = try parser.parse(wire.input.readable, answerTo: method, into: &head)
      guard consumed > 0 else { return false }
      wire.input.consume(consumed)
    } catch {
      throw .wire(error)
    }
    headIsRead = true
    if head.status >= 200 || head.status == 101 { decoder = BodyDecoder(head.framing, limits: wire.limits) }
    return true
  }

  /// The next bytes of the response's body, nil at its end. They are valid until the next call on this connection.
  package func readBody(idle: Duration) async throws(HTTPError) -> UnsafeRawBufferPointer? {
    while true {
      if let bytes = try bufferedBody() { return bytes }
      if decoder.isFinished { return nil }
      try await receiveMore(before: wire.loop.now + idle)
    }
  }

  /// What of the body has arrived already; nil if that is nothing, or if the body ended.
  package func bufferedBody() throws(HTTPError) -> UnsafeRawBufferPointer? {
    wire.input.consume(lent)
    lent = 0
    if decoder.isFinished { return nil }
    var consumed = 0
    let input = wire.input.readable
    do throws(WireError) {
      let step = try decoder.next(input, consumed: &consumed)
      guard case .data(let range) = step, !range.isEmpty else {
        wire.input.consume(consumed)
        return nil
      }
      lent = consumed
      return UnsafeRawBufferPointer(rebasing: input[range])
    } catch {
      throw .wire(error)
    }
  }

  /// Waits for more of the body than has arrived.
  func receiveMore(before deadline: Instant) async throws(HTTPError) {
    wire.transport.setDeadline(deadline, for: .read)
    if try await wire.receive() == 0 { try endOfInput() }
  }

  private func endOfInput() throws(HTTPError) {
    do throws(WireError) {
      try decoder.endOfInput()
    } catch {
      throw .truncated
    }
  }

  package var trailers: Fields { decoder.trailers }
  package var bodyIsFinished: Bool { decoder.isFinished }
  /// Bytes left of a body of known length that nothing has been buffered of: it may be spliced.
  package var spliceableLength: UInt64? { wire.input.isEmpty && lent == 0 ? decoder.remainingLength : nil }

  func skipSpliced(_ count: UInt64) {
    decoder.skip(count)
  }

  // MARK: - Afterwards

  /// Both messages were whole and the server keeps the connection.
  package var isReusable: Bool {
    headIsRead && requestIsWhole && decoder.isFinished && head.keepsAlive && head.status != 101 && method != .connect
      && !wire.transport.peerHungUp && !wire.transport.isClosed && wire.input.count == lent
  }

  /// Nothing has come since it became idle: bytes that nobody asked for would be taken for the next answer.
  var isQuiet: Bool {
    guard !wire.transport.peerHungUp, !wire.transport.isClosed else { return false }
    let count = try? wire.transport.tryRead(into: wire.input.reserve(1))
    wire.input.releaseIfEmpty()
    return count == .some(nil)
  }

  func becameIdle() {
    wire.input.consume(lent)
    lent = 0
    wire.input.releaseIfEmpty()
    wire.output.removeAll()
    wire.output.releaseIfEmpty()
    isReused = true
    idleSince = wire.loop.now
  }

  /// The server read no byte of the present request, so that sending it once more can't make it happen twice.
  ///
  /// True if nothing left, or if TCP says that none of it was acknowledged: an acknowledged byte may have been read.
  package var serverTookNothing: Bool {
    let sent = wire.bytesSent - sentBefore
    if sent == 0 { return true }
    guard !headIsRead, let acknowledged = wire.transport.spliceable?.bytesAcknowledged else { return false }
    return acknowledged <= sentBefore
  }

  /// What the server sent behind its 101.
  package func takeEarlyBytes() -> [UInt8] {
    wire.input.consume(lent)
    lent = 0
    let early = [UInt8](wire.input.readable)
    wire.input.consume(early.count)
    return early
  }

  package func close() {
    wire.transport.close()
  }

  /// The caller that this connection works for has left: end the work.
  package func peerDidHangUp() {
    close()
  }
}
