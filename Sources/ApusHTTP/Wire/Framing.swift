/// How the end of a message's content is found (RFC 9112 section 6.3).
package enum Framing: Equatable, Sendable {
  /// No content, and no field that speaks of it.
  case none
  case length(UInt64)
  case chunked
  /// Until the peer closes; answers only.
  case untilClose
}
