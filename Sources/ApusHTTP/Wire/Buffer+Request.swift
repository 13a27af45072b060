package import ApusIO

extension Buffer {
  /// Request line, fields and empty line.
  ///
  /// Framing and `Connection` are ours: what the caller's fields say about them is left out. `Upgrade` goes out if
  /// `wantsUpgrade`. Without a Host field an empty one is written, as RFC 9112 section 3.2 has it.
  package mutating func appendHead(_ head: RequestHead, framing: Framing, close: Bool = false) {
    appendRequestLine(head)
    var skipped = KnownFieldSet.ours
    if !head.wantsUpgrade { skipped.insert(.upgrade) }
    if framing != .chunked { skipped.insert(.trailer) }
    var hasHost = false
    head.fields.bytes.withUnsafeBytes { all in
      for entry in head.fields.entries where !skipped.contains(entry.known) {
        if entry.known == .host { hasHost = true }
        appendLine(entry.name(in: all), entry.value(in: all))
      }
    }
    if !hasHost { append("Host: \r\n") }
    switch (framing, head.method) {
    // RFC 9110 section 8.6: a method that usually has content says when there is none.
    case (.none, .post), (.none, .put), (.none, .patch): append("Content-Length: 0\r\n")
    default: appendFraming(framing)
    }
    appendConnection(close: close, upgrade: head.wantsUpgrade, keepAlive: false)
    append("\r\n")
  }

  /// For a proxy, which writes the fields by `appendEndToEnd`.
  package mutating func appendRequestLine(_ head: RequestHead) {
    if case .other(let name) = head.method {
      // A name with a blank or line break would be another request: send one that every server refuses.
      append(head.method.isToken ? name : "INVALID")
    } else {
      append(head.method.knownName)
    }
    append(Byte.space)
    head.targetBytes.isEmpty ? append("/" as StaticString) : append(head.targetBytes)
    append(" HTTP/1.1\r\n")
  }
}
