/// Status, fields, and what they say about the content and the connection.
package struct ResponseHead: Sendable {
  package var status: Int
  /// Nil for the usual phrase of the status.
  package var reason: String?
  package var fields: Fields
  /// HTTP/1.minor. In an answer that we write, 0 says that the request was in HTTP/1.0.
  package var minorVersion = 1
  package var framing: Framing = .none
  package var keepsAlive = true
  /// A parser is in the midst of it: only that parser's next call may go on with it.
  var isPartial = false

  package init(status: Int = 200, fields: Fields = Fields()) {
    self.status = status
    self.fields = fields
  }

  /// The framing that the fields declare, whether or not content follows: what a proxy writes for an answer to `HEAD`.
  package var declaredFraming: Framing {
    guard StatusCode.mayHaveContent(status) else { return .none }
    let length = fields.withValue(.contentLength) { value in value.flatMap { FramingFacts.decimal($0) } }
    return length.map { .length($0) } ?? .chunked
  }

  /// Forgets the message and keeps the memory.
  package mutating func removeAll() {
    status = 200
    reason = nil
    fields.removeAll()
    minorVersion = 1
    framing = .none
    keepsAlive = true
    isPartial = false
  }
}
