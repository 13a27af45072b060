package import ApusIO

/// Passes a call on to an upstream and its answer back, as it comes, byte for byte.
///
/// What the two connections say to each other (hop-by-hop fields) ends here; the rest passes unchanged but for what
/// `Rewrite` asks. A call is sent again only if the upstream read nothing of it.
package struct Proxy: Sendable {
  /// What the proxy changes on the way.
  package struct Rewrite: Sendable {
    /// Fields to take out of the request, beside the hop-by-hop ones; also where a name has `_` for `-`, which is the
    /// same to programs that get fields as variables (RFC 3875 section 4.1.18).
    package var removed: KnownFieldSet = []
    /// Fields whose names begin so are taken out, too; in lower case. Nil for none.
    package var removedPrefix: StaticString?
    /// Fields to add to the request, ready for the wire: `Name: value\r\n` each.
    package var added: [UInt8] = []
    /// The request target to ask for; nil keeps the caller's. What can't stand in a target is percent-encoded.
    package var target: String?
    /// Protocols, in lower case, to which a caller may change. Any other would be a tunnel past all that we rewrite.
    package var upgrades = ["websocket"]
    /// Fields to take out of the response, beside the hop-by-hop ones.
    package var answerRemoved: KnownFieldSet = []
    /// Fields to add to the response, ready for the wire.
    package var answerAdded: [UInt8] = []
    /// The request's body where it has been read already; nil to pass it on as it comes.
    package var heldBody: [UInt8]?
    /// When the call began: the response says how long its head took (`X-Duration-Seconds`). Nil to say nothing.
    package var measuredFrom: Instant?

    package init() {}
  }

  /// How a call ended that was not answered in full by the upstream.
  package enum Failure: Error, CustomStringConvertible {
    /// No connection to the upstream; nothing was sent.
    case unreachable(any Error)
    /// The upstream ended or failed before it answered.
    case noAnswer(HTTPError)
    /// The deadline passed before the answer began.
    case expired
    /// The answer was cut: by the upstream, by the deadline, or because the caller left.
    case cut(HTTPError)
    /// The caller left or sent something wrong before the answer began.
    case caller(HTTPError)

    package var description: String {
      switch self {
      case .unreachable(let error): "the function can't be reached: \(error)"
      case .noAnswer(let error): "the function ended the call without an answer: \(error)"
      case .expired: "the function did not answer in time"
      case .cut(let error): "the answer was cut: \(error)"
      case .caller(let error): "the caller's request failed: \(error)"
      }
    }
  }

  package init() {}

  /// Sends the exchange's call to `upstream` and streams the answer back. On return the answer is complete.
  ///
  /// `deadline` ends the call wherever it is, but not a tunnel, which `Limits.tunnelIdle` ends. Only `.never` waits for
  /// an upstream that never answers: it has no default, so that a caller says so. With `streamIdle`, an answer of
  /// events (`text/event-stream`) has no deadline either once it has begun, and both end after so long without a byte.
  ///
  /// - Throws: `Failure`; the response was started if it is `.cut`, and not if it is anything else.
  package func forward(
    _ exchange: Exchange, to upstream: Upstream, _ rewrite: borrowing Rewrite, deadline: Instant,
    streamIdle: Duration? = nil
  ) async throws(Failure) {
    var fresh = false
    // A caller may end its side with its request and wait; only one that ends it from here on has left.
    let hadEnded = exchange.wire.transport.peerHungUp
    while true {
      let connection = try await connect(upstream, deadline, fresh)
      if exchange.wire.transport.peerHungUp, !hadEnded {
        connection.close()
        throw .caller(.truncated)
      }
      // The caller's leaving ends the upstream's work: its connection is closed under it.
      exchange.wire.transport.onHangUp = connection
      exchange.wire.writeLimit = deadline
      connection.wire.writeLimit = deadline
      defer {
        exchange.wire.transport.onHangUp = nil
        exchange.wire.writeLimit = .never
      }
      var call = ProxyCall(exchange, connection, deadline, streamIdle: streamIdle)
      do throws(Failure) {
        try await call.run(rewrite)
      } catch {
        let again = connection.isReused && call.mayRepeat
        connection.close()
        guard case .noAnswer = error, again else { throw error }
        fresh = true
        continue
      }
      upstream.giveBack(connection)
      return
    }
  }

  private func connect(
    _ upstream: Upstream, _ deadline: Instant, _ fresh: Bool
  ) async throws(Failure) -> ClientConnection {
    do {
      return try await upstream.connection(before: deadline, fresh: fresh)
    } catch {
      if case IOError.expired = error, upstream.loop.now >= deadline { throw .expired }
      throw .unreachable(error)
    }
  }
}
