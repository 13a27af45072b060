/// What the two sides of one call still owe each other: decides framing, order and what becomes of the connection.
///
/// Pure: it sees what was asked for and answers what to do. `Exchange` does it.
package struct ExchangeMachine {
  /// How far the response is.
  package enum Response: Equatable {
    case awaited
    /// Head sent; `left` bytes of a body of known length are still owed.
    case open(Framing, left: UInt64?)
    case ended
    /// The connection belongs to another protocol now.
    case upgraded
  }

  /// What follows the call.
  package enum Next: Equatable {
    /// Read the next request.
    case keepAlive
    /// Take in the rest of the request's body first: it is short, and the peer sends it anyway.
    case drain
    /// Close, but read on a little, so that our last bytes are not lost to a reset (RFC 9112 9.6).
    case closeGently
    /// Close at once: the peer must see that the answer is cut.
    case abort
    /// Leave the connection to its new owner.
    case release
  }

  private let method: Method
  private let minorVersion: Int
  package private(set) var response = Response.awaited
  package private(set) var closes: Bool

  package init(_ head: RequestHead) {
    method = head.method
    minorVersion = head.minorVersion
    closes = !head.keepsAlive
  }

  /// An answer is under way whose end only the end of the connection tells.
  package var endsByClosing: Bool {
    if case .open(.untilClose, _) = response { true } else { false }
  }

  /// The connection ends after this call.
  package mutating func mustClose() {
    closes = true
  }

  /// The framing of a final response of `status`, whose body has `length` bytes if that is known.
  package mutating func start(status: Int, length: UInt64?) throws(HTTPError) -> Framing {
    guard response == .awaited else { throw .outOfOrder("the response was started already") }
    guard (200...999).contains(status) else { throw .outOfOrder("\(status) is not the status of a final response") }
    let framing: Framing
    if status == 204 || (status == 304 && length == nil) {
      // A length in a 304 must be that of the content it stands for (RFC 9110 section 8.6): say none if we know none.
      framing = .none
    } else if method == .connect, (200...299).contains(status) {
      // RFC 9110 section 9.3.6: bytes behind this answer are a tunnel's. Who wants one says so by `upgrade`.
      framing = .none
      closes = true
    } else if let length {
      framing = .length(length)
    } else if minorVersion >= 1 {
      framing = .chunked
    } else {
      framing = .untilClose
      closes = true
    }
    let hasBody = method != .head && status != 204 && status != 304 && framing != .none
    if hasBody {
      response = .open(framing, left: length)
    } else {
      response = .open(.none, left: nil)
    }
    return framing
  }

  /// Takes `count` bytes of body; answers how many of them go on the wire and how.
  package mutating func write(_ count: Int) throws(HTTPError) -> Framing {
    switch response {
    case .awaited: throw .outOfOrder("a body was written before the response was started")
    case .ended, .upgraded: throw .outOfOrder("a body was written after the response ended")
    case .open(let framing, let left):
      if let left {
        guard count <= left else {
          throw .outOfOrder("the body is longer than its declared length, by \(UInt64(count) - left) bytes")
        }
        response = .open(framing, left: left - UInt64(count))
      }
      return framing
    }
  }

  /// Ends the body; answers its framing, so that the caller can send a chunked body's end.
  package mutating func finish() throws(HTTPError) -> Framing {
    guard case .open(let framing, let left) = response else {
      throw .outOfOrder(response == .awaited ? "the response was never started" : "the response ended already")
    }
    if let left, left > 0 { throw .outOfOrder("the body is \(left) bytes shorter than its declared length") }
    response = .ended
    return framing
  }

  package mutating func upgrade() throws(HTTPError) {
    guard response == .awaited else { throw .outOfOrder("the response was started already") }
    response = .upgraded
  }

  /// What to do once the handler has returned. `unread` is what is left of the request's body, nil if nobody knows;
  /// `peerWaits` says that the peer still waits for a 100 before it sends any.
  package func next(unread: UInt64?, peerWaits: Bool, drainLimit: UInt64) -> Next {
    switch response {
    case .upgraded: return .release
    case .awaited, .open: return .abort
    case .ended: break
    }
    if unread == 0 { return closes ? .closeGently : .keepAlive }
    if closes || peerWaits { return .closeGently }
    return unread.map { $0 <= drainLimit } ?? true ? .drain : .closeGently
  }
}
