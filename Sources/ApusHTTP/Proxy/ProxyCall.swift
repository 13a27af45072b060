import ApusIO

/// One attempt to pass one call over one connection.
struct ProxyCall {
  private let exchange: Exchange
  private let connection: ClientConnection
  private let deadline: Instant
  /// Nil: events have the call's deadline, tunnels the connection's limit.
  private let streamIdle: Duration?
  /// The request's body has begun to leave the exchange, so it can't be sent a second time.
  private var bodyIsConsumed = false

  init(_ exchange: Exchange, _ connection: ClientConnection, _ deadline: Instant, streamIdle: Duration?) {
    self.exchange = exchange
    self.connection = connection
    self.deadline = deadline
    self.streamIdle = streamIdle
  }

  /// The call may be sent once more: nobody can have seen it.
  var mayRepeat: Bool { !bodyIsConsumed && !exchange.isStarted && connection.serverTookNothing }

  mutating func run(_ rewrite: borrowing Proxy.Rewrite) async throws(Proxy.Failure) {
    guard rewrite.heldBody != nil || exchange.bodyIsUntouched else {
      throw .caller(.outOfOrder("a call was passed on after its body was read in part"))
    }
    connection.begin(exchange.head.method)
    connection.wire.output.appendForwarded(exchange.head, rewrite, to: connection.transport.peer)
    let body = exchange.wholeBufferedBody
    if body == nil, rewrite.heldBody == nil { return try await stream(rewrite) }
    do throws(HTTPError) {
      if let held = rewrite.heldBody {
        try await connection.send(held)
      } else if let body {
        try await connection.send(body)
      }
      connection.endRequest()
    } catch {
      if case .io(.closed) = error { throw .caller(.truncated) }
      throw .noAnswer(error)
    }
    try await receive(rewrite)
  }

  /// Body and answer at the same time: an upstream may answer before it has read all, or echo as it reads.
  private mutating func stream(_ rewrite: borrowing Proxy.Rewrite) async throws(Proxy.Failure) {
    bodyIsConsumed = true
    do throws(HTTPError) {
      // Here, so that from now on nobody but `receive` writes to the caller.
      try await exchange.inviteBody()
    } catch {
      throw .caller(error)
    }
    // The head goes ahead of what may be long in coming. If it is not taken, the answer tells why.
    try? await connection.flush()
    let upload = BodyFeed(exchange, to: Upload(exchange, connection))
    do throws(Proxy.Failure) {
      try await receive(rewrite)
    } catch {
      await upload.stop()
      if let failure = upload.callerFailure { throw exchange.isStarted ? .cut(failure) : .caller(failure) }
      throw error
    }
    // An answer that is whole ends the call: what the upstream did not read by then, it does not want.
    await upload.stop()
  }

  // MARK: - Answer

  private func receive(_ rewrite: borrowing Proxy.Rewrite) async throws(Proxy.Failure) {
    while true {
      try await receiveHead()
      let status = connection.head.status
      if status == 101 {
        // To what was asked for and nothing else (RFC 9110 section 7.8): both sides must read the tunnel alike.
        guard exchange.head.asksToChange(to: rewrite.upgrades), connection.requestIsWhole,
          connection.head.fields.soleUpgrade == exchange.head.fields.soleUpgrade
        else { throw .noAnswer(.unaskedUpgrade) }
        return try await tunnel(rewrite)
      }
      if status >= 200 { break }
      // 100 is between us and the upstream: the exchange makes its own. Others (103) are for the caller.
      if status != 100 { try await relayInterim() }
    }
    do throws(HTTPError) {
      try exchange.startForwarded(connection.head, rewrite)
      if let streamIdle, connection.head.isEventStream {
        try await relayEvents(idle: streamIdle)
      } else {
        try await relayBody()
      }
    } catch {
      throw .cut(error)
    }
  }

  private func receiveHead() async throws(Proxy.Failure) {
    do throws(HTTPError) {
      try await connection.receiveHead(before: deadline)
    } catch {
      switch error {
      case .io(.expired): throw .expired
      // Closed under us because the caller left.
      case .io(.closed): throw .caller(.truncated)
      default: throw .noAnswer(error)
      }
    }
  }

  private func relayInterim() async throws(Proxy.Failure) {
    do throws(HTTPError) {
      try await exchange.informForwarded(connection.head)
    } catch {
      throw .caller(error)
    }
  }

  /// Passes on what is there, and waits for more only after all of it has left: events flow as they come.
  private func relayBody() async throws(HTTPError) {
    while true {
      if let bytes = try connection.bufferedBody() {
        try await exchange.hold(bytes)
      } else if connection.bodyIsFinished {
        return try await exchange.finish(trailers: connection.trailers)
      } else {
        // Looked at here too: whoever always has more to send never makes us wait.
        if connection.transport.loop.now >= deadline { throw .io(.expired) }
        try await exchange.flush()
        if try await Splice.relay(connection, to: exchange, deadline: deadline) { continue }
        try await connection.receiveMore(before: deadline)
      }
    }
  }

  /// The same for events, which last as long as they come: silence ends them, not the call's time.
  private func relayEvents(idle: Duration) async throws(HTTPError) {
    exchange.wire.writeLimit = .never
    connection.wire.writeLimit = .never
    while true {
      if let bytes = try connection.bufferedBody() {
        try await exchange.hold(bytes)
      } else if connection.bodyIsFinished {
        return try await exchange.finish(trailers: connection.trailers)
      } else {
        try await exchange.flush()
        try await connection.receiveMore(before: connection.transport.loop.now + idle)
      }
    }
  }

  // MARK: - Upgrade

  private func tunnel(_ rewrite: borrowing Proxy.Rewrite) async throws(Proxy.Failure) {
    do throws(HTTPError) {
      let early = connection.takeEarlyBytes()
      let (caller, callerEarly) = try await exchange.upgradeForwarded(connection.head, rewrite)
      await Tunnel(caller, connection.transport, idle: streamIdle ?? exchange.wire.limits.tunnelIdle).run(
        fromCaller: callerEarly, fromUpstream: early)
    } catch {
      throw .cut(error)
    }
  }
}

extension ResponseHead {
  /// Server-sent events, whatever parameters the type has (RFC 9110 section 8.3.1).
  fileprivate var isEventStream: Bool {
    let type: StaticString = "text/event-stream"
    return fields.withValue(.contentType) { value in
      guard let value else { return false }
      let name = value.prefix { $0 != UInt8(ascii: ";") && $0 != Byte.space && $0 != Byte.tab }
      return equalIgnoringCase(UnsafeRawBufferPointer(rebasing: name), type)
    }
  }
}
