import ApusIO

// What a proxy does with an exchange beyond what a handler can: pass heads and bodies on as they are.

extension Exchange {
  /// The request's body if all of it has arrived, or if there is none; it stays unread until the call ends.
  package var wholeBufferedBody: UnsafeRawBufferPointer? {
    switch head.framing {
    case .none: return UnsafeRawBufferPointer(start: nil, count: 0)
    case .length(let length) where length <= UInt64(wire.input.count):
      return UnsafeRawBufferPointer(rebasing: wire.input.readable[..<Int(length)])
    default: return nil
    }
  }

  /// The response's body goes out as it comes in, without chunks: it may be spliced.
  var sendsPlainBody: Bool {
    if case .open(.length, _) = machine.response { return wire.output.isEmpty }
    return false
  }

  /// Sends the upstream's interim response, such as 103, ahead of the final one.
  func informForwarded(_ answer: ResponseHead) async throws(HTTPError) {
    guard try mayInform(answer.status) else { return }
    wire.output.appendForwarded(interim: answer)
    try await wire.flush()
  }

  /// Starts the response with the upstream's head. Nothing leaves before the first flush.
  func startForwarded(_ answer: ResponseHead, _ rewrite: borrowing Proxy.Rewrite) throws(HTTPError) {
    var length: UInt64? = if case .length(let declared) = answer.declaredFraming { declared } else { nil }
    // Where both stand, the chunks are what we read (RFC 9112 section 6.3).
    if answer.framing == .chunked { length = nil }
    if answer.status == 304 {
      // It has no content, but may tell the length of the content that is still right (RFC 9110 section 8.6).
      length = answer.fields.withValue(.contentLength) { $0.flatMap(FramingFacts.decimal) }
    }
    let framing = try startResponse(answer.status, length: length)
    wire.output.appendForwarded(
      answer, rewrite, framing: framing, close: machine.closes, minorVersion: head.minorVersion)
  }

  /// Passes on the upstream's 101 and hands over the connection.
  func upgradeForwarded(
    _ answer: ResponseHead, _ rewrite: borrowing Proxy.Rewrite
  ) async throws(HTTPError) -> (any Transport, [UInt8]) {
    try startUpgrade()
    wire.output.appendForwarded(answer, rewrite, framing: .none, close: false, minorVersion: 1)
    return try await handOver(answer.status)
  }
}
