package import ApusIO

extension Buffer {
  /// Status line, fields and empty line of an answer.
  ///
  /// Framing and `Connection` are ours: what the caller's fields say about them is left out. `none` is written as a
  /// length of 0 where a status could have content; for `HEAD`, give the framing that `GET` would have had.
  /// `untilClose` closes. A status that isn't one becomes 500. `Upgrade` goes out with 101 and 426 only. `date` is a
  /// line of `HTTPDate.line`, used unless the fields have a Date; empty writes none.
  package mutating func appendHead(
    _ head: ResponseHead, framing: Framing, close: Bool, date: [UInt8] = []
  ) {
    let status = StatusCode.valid(head.status)
    appendStatusLine(status, head.reason)
    let mayUpgrade = status == 101 || status == 426
    var skipped = KnownFieldSet.ours
    if !mayUpgrade { skipped.insert(.upgrade) }
    if framing != .chunked { skipped.insert(.trailer) }
    var hasDate = false
    var hasUpgrade = false
    head.fields.bytes.withUnsafeBytes { all in
      for entry in head.fields.entries where !skipped.contains(entry.known) {
        if entry.known == .date { hasDate = true }
        if entry.known == .upgrade { hasUpgrade = true }
        appendLine(entry.name(in: all), entry.value(in: all))
      }
    }
    let isInterim = status < 200
    if !hasDate, !isInterim, !date.isEmpty { append(date) }
    // RFC 9112 section 6.1 and RFC 9110 section 8.6: neither field with 1xx and 204.
    if !isInterim, status != 204 {
      if framing == .none, StatusCode.mayHaveContent(status) {
        append("Content-Length: 0\r\n")
      } else {
        appendFraming(framing)
      }
    }
    appendConnection(
      close: !isInterim && (close || framing == .untilClose), upgrade: hasUpgrade,
      keepAlive: !isInterim && head.minorVersion == 0)
    append("\r\n")
  }

  /// For a proxy, which writes the fields by `appendEndToEnd`; the version is ours.
  package mutating func appendStatusLine(_ head: ResponseHead) {
    appendStatusLine(StatusCode.valid(head.status), head.reason)
  }

  /// RFC 9112 section 4. A line break in a phrase becomes a blank.
  mutating func appendStatusLine(_ status: Int, _ reason: String?) {
    if status == 200, reason == nil { return append("HTTP/1.1 200 OK\r\n") }
    append("HTTP/1.1 ")
    append(UInt64(status))
    append(Byte.space)
    if let reason {
      for byte in reason.utf8 { append(byte < Byte.space || byte == 0x7F ? Byte.space : byte) }
    } else {
      append(StatusCode.phrase(status))
    }
    append("\r\n")
  }

  mutating func appendConnection(close: Bool, upgrade: Bool, keepAlive: Bool) {
    switch (close, upgrade) {
    case (true, true): append("Connection: close, Upgrade\r\n")
    case (true, false): append("Connection: close\r\n")
    case (false, true): append("Connection: Upgrade\r\n")
    // RFC 9112 section 9.3: HTTP/1.0 closes unless told.
    case (false, false): if keepAlive { append("Connection: keep-alive\r\n") }
    }
  }
}
