/// Reads request heads (RFC 9112), strictly: what two readers could understand differently is refused.
package struct RequestParser: Sendable {
  private let limits: HeadLimits
  private var lines = FieldLines()
  private var facts = FramingFacts()
  private var emptyLines = 0

  package init(limits: Limits) { self.limits = HeadLimits(limits) }

  /// Bytes looked at so far; grows in proportion to the bytes given, however they are cut.
  package var examinedBytes: Int { lines.examined }

  /// Whether a head has begun and isn't complete: the time to apply `Limits.headTime`.
  package var isMidHead: Bool { lines.scanned > 0 }

  /// Returns how many bytes the head takes, or 0 if it isn't complete. Then call again with the same bytes, more behind
  /// them, and the same head.
  ///
  /// After an error the connection has no next request. What `head` holds then, or after 0, is unspecified but safe.
  package mutating func parse(
    _ input: UnsafeRawBufferPointer, into head: inout RequestHead
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
      try conclude(&head)
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
  private func continues(_ head: borrowing RequestHead) -> Bool {
    let copied = lines.fieldsStart < 0 ? 0 : lines.line - lines.fieldsStart
    return head.isPartial && head.fields.bytes.count == copied
  }

  private mutating func restart() {
    lines.restart()
    facts = FramingFacts()
    emptyLines = 0
  }

  private mutating func advance(
    _ base: UnsafePointer<UInt8>, _ end: Int, _ head: inout RequestHead
  ) throws(WireError) -> Bool {
    if lines.fieldsStart < 0 {
      let start = lines.line
      let next = try parseRequestLine(base, end, &head)
      lines.examined &+= (next ?? end) - start
      guard let next else {
        lines.scanned = end
        return false
      }
      lines.fieldsStart = next
      lines.line = next
    }
    return try lines.parse(base, end, into: &head.fields, &facts, of: .request, limits)
  }

  /// Returns the start of the next line, or nil if this one isn't complete.
  private mutating func parseRequestLine(
    _ base: UnsafePointer<UInt8>, _ end: Int, _ head: inout RequestHead
  ) throws(WireError) -> Int? {
    var at = lines.line
    while at < end, base[at] == Byte.carriageReturn || base[at] == Byte.lineFeed {
      guard base[at] == Byte.carriageReturn else { throw WireError(.bareLineFeed) }
      guard at + 1 < end else { return nil }
      guard base[at + 1] == Byte.lineFeed else { throw WireError(.bareCarriageReturn) }
      // RFC 9112 section 2.2: at least one is to be ignored, as some clients end a body in a line break.
      emptyLines += 1
      guard emptyLines <= 2 else { throw WireError(.tooManyEmptyLines) }
      at += 2
      lines.line = at
    }

    let methodEnd = ByteSet.token.skip(base, at, min(end, at + limits.methodBytes + 1))
    guard methodEnd - at <= limits.methodBytes else { throw WireError(.methodTooLong) }
    guard methodEnd < end else { return nil }
    guard base[methodEnd] == Byte.space, methodEnd > at else { throw WireError(.malformedRequestLine) }

    let target = methodEnd + 1
    let targetEnd = ByteSet.target.skip(base, target, end)
    guard targetEnd - target <= limits.targetBytes else { throw WireError(.targetTooLong) }
    guard targetEnd < end else { return nil }
    guard base[targetEnd] == Byte.space, targetEnd > target else {
      // The line ends without a version (HTTP/0.9), or two blanks stand together.
      let isShort = [Byte.space, Byte.carriageReturn, Byte.lineFeed].contains(base[targetEnd])
      throw WireError(isShort ? .malformedRequestLine : .invalidTarget)
    }

    let version = HTTPVersion.read(base, targetEnd + 1, end)
    guard case .minor(let minor) = version else {
      if case .incomplete = version { return nil }
      throw WireError(version == .unsupported ? .unsupportedVersion : .malformedRequestLine)
    }
    guard let next = try HTTPVersion.endOfLine(base, targetEnd + 9, end, otherwise: .malformedRequestLine) else {
      return nil
    }
    head.method = Method(UnsafeBufferPointer(start: base + at, count: methodEnd - at))
    head.minorVersion = minor
    let bytes = UnsafeRawBufferPointer(start: base + target, count: targetEnd - target)
    guard RequestTarget.isValid(bytes, for: head.method) else { throw WireError(.invalidTarget) }
    // Empty so far, as the head was when its first byte came.
    head.targetBytes.append(contentsOf: bytes)
    return next
  }

  /// What the fields together mean (RFC 9112 sections 3.2, 6.3 and 9.3).
  private func conclude(_ head: inout RequestHead) throws(WireError) {
    let flags = facts.flags
    let isHTTP11 = head.minorVersion >= 1
    guard flags.contains(.host) || !isHTTP11 else { throw WireError(.missingHost) }
    if flags.contains(.chunked) {
      guard isHTTP11 else { throw WireError(.transferEncodingInHTTP10) }
      guard facts.contentLength == nil else { throw WireError(.lengthWithTransferEncoding) }
      head.framing = .chunked
    } else if let length = facts.contentLength {
      guard length <= limits.bodyBytes else { throw WireError(.bodyTooLarge) }
      head.framing = .length(length)
    } else {
      head.framing = .none
    }
    head.keepsAlive = facts.keepsAlive(minorVersion: head.minorVersion)
    // RFC 9110 section 10.1.1: nothing to wait for without content, and HTTP/1.0 doesn't know 100.
    head.expectsContinue =
      flags.contains(.expectsContinue) && isHTTP11 && head.framing != .none && head.framing != .length(0)
    head.wantsUpgrade = flags.contains(.upgradeField) && flags.contains(.upgradeOption) && isHTTP11
  }
}
