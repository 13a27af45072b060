/// A request method (RFC 9110 section 9); case matters.
package enum Method: Equatable, Hashable, Sendable {
  case get, head, post, put, delete, patch, options, connect, trace
  case other(String)

  /// The case for a name, so that `GET` is always `.get` and never `.other("GET")`.
  package init(_ name: String) {
    var name = name
    self = name.withUTF8 { Method($0) }
  }

  init(_ name: UnsafeBufferPointer<UInt8>) {
    // Seven letters are the most that the known ones have: they fit in one integer.
    var packed: UInt64 = 0
    if name.count <= 7 { for byte in name { packed = packed << 8 | UInt64(byte) } }
    switch packed {
    case 0x47_4554: self = .get
    case 0x4845_4144: self = .head
    case 0x504F_5354: self = .post
    case 0x50_5554: self = .put
    case 0x4445_4C45_5445: self = .delete
    case 0x50_4154_4348: self = .patch
    case 0x4F_5054_494F_4E53: self = .options
    case 0x43_4F4E_4E45_4354: self = .connect
    case 0x54_5241_4345: self = .trace
    default: self = .other(String(decoding: name, as: UTF8.self))
    }
  }

  package var name: String {
    if case .other(let name) = self { return name }
    return knownName.description
  }

  /// Empty for `other`.
  var knownName: StaticString {
    switch self {
    case .get: "GET"
    case .head: "HEAD"
    case .post: "POST"
    case .put: "PUT"
    case .delete: "DELETE"
    case .patch: "PATCH"
    case .options: "OPTIONS"
    case .connect: "CONNECT"
    case .trace: "TRACE"
    case .other: ""
    }
  }

  /// Whether it can be sent: RFC 9110 section 9.1 has a token.
  package var isToken: Bool {
    guard case .other(var name) = self else { return true }
    return name.withUTF8 { !$0.isEmpty && ByteSet.token.holdsAll(UnsafeRawBufferPointer($0)) }
  }

  /// Whether a second try changes nothing more than the first (RFC 9110 section 9.2.2).
  package var isIdempotent: Bool {
    switch self {
    case .get, .head, .put, .delete, .options, .trace: true
    case .post, .patch, .connect, .other: false
    }
  }
}
