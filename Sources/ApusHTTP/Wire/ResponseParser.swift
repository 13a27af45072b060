/// Reads the heads of answers (RFC 9112), as strictly as those of requests.
package struct ResponseParser: Sendable {
  private let limits: HeadLimits
  private var lines = FieldLines()
  private var facts = FramingFacts()

  package init(limits: Limits) { self.limits = HeadLimits(limits) }

  /// Bytes looked at so far; grows in proportion to the bytes given, however they are cut.
  package var examinedBytes: Int { lines.examined }

  /// Returns how many bytes the head takes, or 0 if it isn't complete. Then call again with the same bytes, more behind
  /// them, and the same head.
  ///
  /// Interim answers (1xx) are returned like others; all but 101 are followed by another head. After an error the
  /// connection has no next answer.
  package mutating func parse(
    _ input: UnsafeRawBufferPointer, answerTo method: Method, into head: inout ResponseHead
  ) throws(WireError) -> Int {
    guard let base = input.baseAddress?.assumingMemoryBound(to: UInt8.self), input.count > 0 else { return 0 }
    let end = min(input.count, limits.headBytes)
    if lines.scanned > 0, lines.scanned <= end, continues(head) {
      guard lines.mayGoOn(base, end, limit: limits.headBytes) else { return 0 }
    } else {
      head.removeAll()
      restart()
    }
    do throws(WireError) {
      guard try advance(base, end, &head) else {
        guard end < limits.headBytes else { throw WireError(.headTooLarge) }
        head.isPartial = true
        return 0
      }
      try conclude(&head, answerTo: method)
    } catch {
      restart()
      head.removeAll()
      throw error
    }
    head.isPartial = false
    let consumed = lines.line
    restart()
    return consumed
  }

  /// Whether this is the head of the last call: entries point into bytes that only that one has.
  private func continues(_ head: borrowing ResponseHead) -> Bool {
    let copied = lines.fieldsStart < 0 ? 0 : lines.line - lines.fieldsStart
    return head.isPartial && head.fields.bytes.count == copied
  }

  private mutating func restart() {
    lines.restart()
    facts = FramingFacts()
  }

  private mutating func advance(
    _ base: UnsafePointer<UInt8>, _ end: Int, _ head: inout ResponseHead
  ) throws(WireError) -> Bool {
    if lines.fieldsStart < 0 {
      let next = try parseStatusLine(base, end, &head)
      lines.examined &+= next ?? end
      guard let next else {
        lines.scanned = end
        return false
      }
      lines.fieldsStart = next
      lines.line = next
    }
    return try lines.parse(base, end, into: &head.fields, &facts, of: .response, limits)
  }

  /// Returns the start of the next line, or nil if this one isn't complete.
  private func parseStatusLine(
    _ base: UnsafePointer<UInt8>, _ end: Int, _ head: inout ResponseHead
  ) throws(WireError) -> Int? {
    let version = HTTPVersion.read(base, 0, end)
    guard case .minor(let minor) = version else {
      if case .incomplete = version { return nil }
      throw WireError(version == .unsupported ? .unsupportedVersion : .malformedStatusLine)
    }
    guard end > 8 else { return nil }
    guard base[8] == Byte.space else { throw WireError(.malformedStatusLine) }
    var status = 0
    for at in 9..<12 {
      guard at < end else { return nil }
      guard Byte.isDigit(base[at]) else { throw WireError(.malformedStatusLine) }
      status = status * 10 + Int(base[at] - 0x30)
    }
    guard status >= 100 else { throw WireError(.malformedStatusLine) }
    guard end > 12 else { return nil }
    // RFC 9112 section 4 wants a blank even before an empty phrase; many leave it out, and nothing hangs on it.
    let phrase = base[12] == Byte.space ? 13 : 12
    let phraseEnd = phrase == 13 ? skipFieldText(base, 13, end) : 12
    guard let next = try HTTPVersion.endOfLine(base, phraseEnd, end, otherwise: .malformedStatusLine) else {
      return nil
    }
    head.status = status
    head.minorVersion = minor
    let text = UnsafeRawBufferPointer(start: base + phrase, count: phraseEnd - phrase)
    let usual = StatusCode.phrase(status)
    let isUsual = text.count == usual.utf8CodeUnitCount && equalIgnoringCase(text, usual)
    head.reason = isUsual ? nil : String(decoding: text, as: UTF8.self)
    return next
  }

  /// Where the content ends (RFC 9112 section 6.3), and whether a next answer can be told from it.
  private func conclude(_ head: inout ResponseHead, answerTo method: Method) throws(WireError) {
    head.keepsAlive = facts.keepsAlive(minorVersion: head.minorVersion)
    let isChunked = facts.flags.contains(.chunked)
    // Transfer-Encoding wins (section 6.3 rule 3), but somebody on the way may have seen it otherwise, and HTTP/1.0
    // has none (section 6.1): nothing that follows can be trusted.
    if isChunked, facts.contentLength != nil || head.minorVersion < 1 { head.keepsAlive = false }

    let isTunnel = method == .connect && 200..<300 ~= head.status
    guard StatusCode.mayHaveContent(head.status), method != .head, !isTunnel else {
      head.framing = .none
      // RFC 9110 section 8.6 and RFC 9112 section 6.1: these have no content to speak of. If bytes follow all the same,
      // they must not be read as the next answer.
      let mustNotSpeakOfContent = head.status < 200 || head.status == 204
      if mustNotSpeakOfContent, isChunked || (facts.contentLength ?? 0) > 0 { head.keepsAlive = false }
      return
    }
    if isChunked {
      head.framing = .chunked
    } else if let length = facts.contentLength {
      guard length <= limits.bodyBytes else { throw WireError(.bodyTooLarge) }
      head.framing = .length(length)
    } else {
      head.framing = .untilClose
      head.keepsAlive = false
    }
  }
}
