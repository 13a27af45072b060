package import ApusIO

/// One call on a server's connection: a request to read, a response to write, in any order.
///
/// It belongs to its connection's loop, and to the handler until that returns. A response that is started but not
/// finished by then closes the connection, so that a cut answer never looks whole.
package final class Exchange {
  package var head: RequestHead { connection.head }
  package var loop: Loop { connection.wire.loop }
  /// The peer's address; nil behind a Unix socket.
  package var peer: SocketAddress? { connection.wire.transport.peer }
  package let isSecure: Bool
  /// Counts the calls of this connection, so that a late use of an old call's exchange can be told.
  package internal(set) var serial = 0
  /// The response's status, once it is started.
  package private(set) var status: Int?
  /// The response's body bytes so far.
  package private(set) var bytesSent: UInt64 = 0

  let connection: ServerConnection
  let wire: BufferedTransport
  var machine: ExchangeMachine
  var decoder: BodyDecoder
  /// Why the request's body could not be read.
  private(set) var failure: HTTPError?
  private var peerWaits = false
  private var readsNoMore = false
  /// When the rest of the body has to be there.
  private var bodyDeadline = Instant.never
  /// What `readBody` lent last, to be consumed at the next read.
  private var lent = 0
  private var bytesRead: UInt64 = 0
  /// A task is in the midst of a piece of the body.
  private var isWriting = false

  init(_ connection: ServerConnection, isSecure: Bool) {
    self.connection = connection
    wire = connection.wire
    self.isSecure = isSecure
    machine = ExchangeMachine(connection.head)
    decoder = BodyDecoder(.none, limits: connection.wire.limits)
  }

  func begin() {
    serial += 1
    status = nil
    bytesSent = 0
    lent = 0
    bytesRead = 0
    failure = nil
    readsNoMore = false
    bodyDeadline = .never
    machine = ExchangeMachine(connection.head)
    decoder = BodyDecoder(connection.head.framing, limits: wire.limits)
    peerWaits = connection.head.expectsContinue && !decoder.isFinished
  }

  // MARK: - Request body

  package var hasBody: Bool { connection.head.framing != .none && connection.head.framing != .length(0) }
  package var bodyIsFinished: Bool { decoder.isFinished }
  package var requestTrailers: Fields { decoder.trailers }

  /// The next bytes of the request's body, nil at its end. They are valid until the next call on this exchange.
  package func readBody() async throws(HTTPError) -> UnsafeRawBufferPointer? {
    do throws(HTTPError) {
      return try await nextOfBody()
    } catch {
      // Whatever comes later can't be told from the rest of this body.
      machine.mustClose()
      failure = error
      throw error
    }
  }

  private func nextOfBody() async throws(HTTPError) -> UnsafeRawBufferPointer? {
    wire.input.consume(lent)
    lent = 0
    while true {
      if connection.isCut { throw .io(.expired) }
      if let bytes = try bufferedBody() { return bytes }
      if decoder.isFinished { return nil }
      if readsNoMore { throw .io(.expired) }
      try await inviteBody()
      wire.transport.setDeadline(min(loop.now + wire.limits.bodyIdle, bodyDeadline), for: .read)
      if try await wire.receive() == 0 { throw .truncated }
      peerWaits = false
    }
  }

  /// Ends a read of the body that is under way, and all further ones that would wait.
  package func stopReading() {
    readsNoMore = true
    wire.transport.setDeadline(loop.now, for: .read)
  }

  /// Sends the 100 that the peer waits for. Not behind a final answer, where it would be read as content; that answer
  /// has told the peer to make up its mind (RFC 9110 section 10.1.1).
  package func inviteBody() async throws(HTTPError) {
    guard peerWaits, machine.response == .awaited else { return }
    peerWaits = false
    wire.output.append("HTTP/1.1 100 Continue\r\n\r\n")
    try await wire.flush()
  }

  /// What of the body has arrived already; nil if that is nothing, or if the body ended.
  private func bufferedBody() throws(HTTPError) -> UnsafeRawBufferPointer? {
    var consumed = 0
    let input = wire.input.readable
    do throws(WireError) {
      let step = try decoder.next(input, consumed: &consumed)
      guard case .data(let range) = step, !range.isEmpty else {
        wire.input.consume(consumed)
        return nil
      }
      lent = consumed
      bytesRead += UInt64(range.count)
      return UnsafeRawBufferPointer(rebasing: input[range])
    } catch {
      throw .wire(error)
    }
  }

  /// The whole body, if it has at most `limit` bytes; throws a 413 otherwise.
  package func collectBody(limit: Int) async throws(HTTPError) -> [UInt8] {
    var body: [UInt8] = []
    if case .length(let length) = head.framing {
      try check(length, limit)
      // A length is only a promise: memory is taken for what comes.
      body.reserveCapacity(min(Int(length), 64 << 10))
    }
    while let bytes = try await readBody() {
      try check(UInt64(body.count + bytes.count), limit)
      body.append(contentsOf: bytes)
    }
    return body
  }

  private func check(_ length: UInt64, _ limit: Int) throws(HTTPError) {
    guard length > UInt64(limit) else { return }
    machine.mustClose()
    failure = .wire(WireError(.bodyTooLarge))
    throw .wire(WireError(.bodyTooLarge))
  }

  /// Nobody has read any of the body yet.
  var bodyIsUntouched: Bool {
    guard lent == 0 else { return false }
    return switch head.framing {
    case .length(let length): decoder.remainingLength == length
    default: bytesRead == 0
    }
  }

  // MARK: - Response

  package var isStarted: Bool { machine.response != .awaited }
  package var isFinished: Bool { machine.response == .ended || machine.response == .upgraded }

  /// The connection ends after this call.
  package func closeAfterwards() {
    machine.mustClose()
  }

  /// Starts the response. With `length` nil the body is chunked. Nothing leaves before the first write or flush.
  package func start(_ head: ResponseHead, length: UInt64?) throws(HTTPError) {
    let framing = try startResponse(head.status, length: length)
    connection.appendHead(head, framing, closes: machine.closes)
  }

  func startResponse(_ status: Int, length: UInt64?) throws(HTTPError) -> Framing {
    if connection.isDraining { machine.mustClose() }
    let framing = try machine.start(status: status, length: length)
    self.status = status
    return framing
  }

  /// Sends an interim response, such as 103, ahead of the final one.
  package func inform(_ head: ResponseHead) async throws(HTTPError) {
    guard try mayInform(head.status) else { return }
    connection.appendHead(head, .none, closes: false)
    try await wire.flush()
  }

  /// False where the client would not understand it: HTTP/1.0 knows no interim responses (RFC 9110 section 15.2).
  func mayInform(_ status: Int) throws(HTTPError) -> Bool {
    guard (100...199).contains(status), status != 101 else {
      throw .outOfOrder("\(status) is not the status of an interim response")
    }
    guard machine.response == .awaited else { throw .outOfOrder("an interim response comes before the final one") }
    return connection.head.minorVersion >= 1
  }

  /// Sends a whole response in as few system calls as the kernel takes it.
  package func respond(_ head: ResponseHead, _ body: [UInt8] = []) async throws(HTTPError) {
    try start(head, length: head.status == 304 ? nil : UInt64(body.count))
    if body.count <= BufferedTransport.copyLimit {
      let framing = try machine.write(body.count)
      if framing != .none { wire.output.append(body) }
      bytesSent += UInt64(body.count)
      try await finish()
    } else {
      try await write(body)
      try await finish()
    }
  }

  /// Sends some of the body, waiting while the peer does not take it.
  ///
  /// One task at a time: a second one that writes meanwhile, or ends the body, is refused with `outOfOrder`, and
  /// nothing of it reaches the peer.
  package func write(_ bytes: [UInt8]) async throws(HTTPError) {
    guard try prepare(bytes.count) else { return }
    defer { isWriting = false }
    try await wire.send(bytes)
    endChunk()
  }

  /// As above, for bytes that stay where they are until the call returns.
  package func write(_ bytes: UnsafeRawBufferPointer) async throws(HTTPError) {
    guard try prepare(bytes.count) else { return }
    defer { isWriting = false }
    try await wire.send(bytes)
    endChunk()
  }

  /// As `write`, but leaves short bytes to gather with what follows, until a flush or the end.
  func hold(_ bytes: UnsafeRawBufferPointer) async throws(HTTPError) {
    guard try prepare(bytes.count) else { return }
    defer { isWriting = false }
    if wire.output.count + bytes.count <= ServerConnection.flushLimit {
      wire.output.append(bytes)
    } else {
      try await wire.send(bytes)
    }
    endChunk()
  }

  /// False if nothing of it goes on the wire; else the caller is the one that writes until it says otherwise.
  private func prepare(_ count: Int) throws(HTTPError) -> Bool {
    guard count > 0 else { return false }
    try refuseSecondWriter()
    let framing = try machine.write(count)
    bytesSent += UInt64(count)
    if framing == .chunked { wire.output.appendChunkSize(count) }
    isWriting = framing != .none
    return isWriting
  }

  /// What two tasks write at once would be one body of mixed pieces, and look whole.
  private func refuseSecondWriter() throws(HTTPError) {
    guard !isWriting else { throw .outOfOrder("two tasks write one response at once") }
  }

  /// The end of a chunk waits for the next write: two bytes are not worth a packet, and a decoder can do without.
  private func endChunk() {
    if case .open(.chunked, _) = machine.response { wire.output.appendChunkEnd() }
  }

  /// Counts bytes of a body of known length that reached the peer by splice, outside of `write`.
  func accountForSpliced(_ count: Int) throws(HTTPError) {
    _ = try machine.write(count)
    bytesSent += UInt64(count)
  }

  /// Sends what is still held back: a started head, the end of a chunk.
  package func flush() async throws(HTTPError) {
    if connection.isCut { throw .io(.expired) }
    try await wire.flush()
  }

  /// Ends the response. It leaves with the next flush, at the latest before the connection waits.
  package func finish(trailers: Fields? = nil) async throws(HTTPError) {
    try refuseSecondWriter()
    if try machine.finish() == .chunked {
      wire.output.appendLastChunk(trailers: trailers ?? Fields())
    }
    if wire.output.count >= ServerConnection.flushLimit { try await wire.flush() }
  }

  /// Answers 101 and hands over the connection, with what the peer sent after its request.
  package func upgrade(_ head: ResponseHead) async throws(HTTPError) -> (any Transport, [UInt8]) {
    try startUpgrade()
    connection.appendHead(head, .none, closes: false)
    return try await handOver(head.status)
  }

  /// The next protocol begins behind the request's last byte (RFC 9110 section 7.8).
  func startUpgrade() throws(HTTPError) {
    skipArrivedBody()
    guard decoder.isFinished else { throw .outOfOrder("the protocol can't change before the request's body is read") }
    try machine.upgrade()
  }

  func handOver(_ status: Int) async throws(HTTPError) -> (any Transport, [UInt8]) {
    self.status = status
    try await wire.flush()
    wire.transport.setDeadline(.never, for: .read)
    let early = [UInt8](wire.input.readable)
    wire.input.consume(early.count)
    return (wire.transport, early)
  }

  // MARK: - The time of the call

  /// Makes the answer that is given when the handler has not answered in time.
  package typealias LateAnswer = () -> (ResponseHead, [UInt8])

  /// From `deadline` on the call is over: `answer` goes out if no response was started, else the connection is cut. The
  /// handler's task is cancelled either way.
  package func limit(to deadline: Instant, _ answer: @escaping LateAnswer) {
    connection.limit(self, to: deadline, answer)
  }

  /// The answer lasts as long as it likes: the call's limit is over.
  package func endLimit() {
    connection.endLimit()
  }

  func answerLate(_ head: ResponseHead, _ body: [UInt8]) {
    machine.mustClose()
    do throws(HTTPError) {
      try start(head, length: UInt64(body.count))
      if try machine.write(body.count) != .none { wire.output.append(body) }
      _ = try machine.finish()
    } catch {
      wire.transport.close()
    }
  }

  // MARK: - The end of the call

  /// What becomes of the connection now that the handler has returned.
  func next() -> ExchangeMachine.Next {
    skipArrivedBody()
    let unread = decoder.isFinished ? 0 : decoder.remainingLength
    return machine.next(unread: unread, peerWaits: peerWaits, drainLimit: wire.limits.drainBytes)
  }

  /// Drops what of the body has arrived: that costs nothing, and answers to short requests still gather.
  private func skipArrivedBody() {
    wire.input.consume(lent)
    lent = 0
    do throws(HTTPError) {
      while try bufferedBody() != nil {
        wire.input.consume(lent)
        lent = 0
      }
    } catch {
      machine.mustClose()
    }
  }

  /// Reads the rest of the request's body away; false if it breaks off or is more than is worth reading.
  func discardBody() async -> Bool {
    var discarded: UInt64 = 0
    // In all, not between two reads: nobody counts this connection among the busy ones any more.
    bodyDeadline = loop.now + wire.limits.lingerTime
    do throws(HTTPError) {
      while let bytes = try await readBody() {
        discarded += UInt64(bytes.count)
        if discarded > wire.limits.drainBytes || loop.now >= bodyDeadline { return false }
      }
    } catch {
      // The call has its answer: a second one would be taken for that to the next request.
      return false
    }
    return true
  }
}
