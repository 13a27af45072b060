package import ApusIO

/// Why a message could not be read or written, on a server's side or a client's.
package enum HTTPError: Error, CustomStringConvertible {
  /// The connection failed, or the peer was too slow.
  case io(IOError)
  /// The peer sent something that is not HTTP, or more than the limits allow.
  case wire(WireError)
  /// The peer closed before its message was whole.
  case truncated
  /// The server answered 101 to a request that did not ask for it, or that it did not have in full.
  case unaskedUpgrade
  /// The caller's mistake: what it did does not fit where the exchange is.
  case outOfOrder(String)

  package var description: String {
    switch self {
    case .io(let error): error.description
    case .wire(let error): error.message
    case .truncated: "the peer closed the connection before its message was whole"
    case .unaskedUpgrade: "the server changed the protocol unasked, or before it had the whole request"
    case .outOfOrder(let what): "\(what). A message is started once, then written, then finished"
    }
  }

  /// The peer went away or was too slow; nothing is wrong on this side.
  package var isDisconnect: Bool {
    switch self {
    case .io(.expired), .truncated: true
    case .io(let error): error.isDisconnect
    case .wire, .unaskedUpgrade, .outOfOrder: false
    }
  }
}
