/// Reads the lines of a head or a trailer section, which may arrive in pieces.
///
/// It remembers the line it stands in and how far that was searched for its end. A line is therefore looked at three
/// times at most, however many pieces it comes in; a head that is there as a whole is looked at once.
struct FieldLines: Sendable {
  /// Trailers say nothing about framing: what they claim there is dropped by the caller.
  enum Section { case request, response, trailers }

  /// Start of the first line that isn't parsed.
  var line = 0
  /// Up to where the line at `line` was searched for its end; 0: nothing was seen yet.
  var scanned = 0
  /// Start of the fields, or -1 as long as there is a start line to parse.
  var fieldsStart = -1
  /// Bytes looked at since the parser was made; what a test of linear time counts.
  var examined = 0

  /// Ready for the next head.
  mutating func restart() {
    line = 0
    scanned = 0
    fieldsStart = -1
  }

  /// Whether the line we wait for may have ended. False saves parsing it again.
  mutating func mayGoOn(_ base: UnsafePointer<UInt8>, _ end: Int, limit: Int) -> Bool {
    examined &+= end - scanned
    for at in scanned..<end where base[at] == Byte.lineFeed { return true }
    scanned = end
    // At the limit the line is parsed once more, so that the error is the same as for a head in one piece.
    return end == limit
  }

  /// Moves over complete lines; true once the empty line that ends the section is behind us.
  mutating func parse(
    _ base: UnsafePointer<UInt8>, _ end: Int, into fields: inout Fields, _ facts: inout FramingFacts,
    of section: Section, _ limits: HeadLimits
  ) throws(WireError) -> Bool {
    var at = line
    while at < end {
      if base[at] == Byte.carriageReturn {
        guard at + 1 < end else { break }
        guard base[at + 1] == Byte.lineFeed else { throw WireError(.bareCarriageReturn) }
        take(base, at, into: &fields)
        examined &+= at + 2 - line
        line = at + 2
        return true
      }
      let nameEnd = ByteSet.token.skip(base, at, end)
      guard nameEnd < end else { break }
      guard base[nameEnd] == Byte.colon, nameEnd > at else { throw FieldLines.nameError(base, at, nameEnd) }
      var valueStart = nameEnd + 1
      while valueStart < end, Byte.isBlank(base[valueStart]) { valueStart += 1 }
      let lineEnd = skipFieldText(base, valueStart, end)
      guard lineEnd < end else { break }
      guard base[lineEnd] == Byte.carriageReturn else { throw FieldLines.valueError(base[lineEnd]) }
      guard lineEnd + 1 < end else { break }
      guard base[lineEnd + 1] == Byte.lineFeed else { throw WireError(.bareCarriageReturn) }
      var valueEnd = lineEnd
      while valueEnd > valueStart, Byte.isBlank(base[valueEnd - 1]) { valueEnd -= 1 }

      guard fields.entries.count < limits.fieldCount else { throw WireError(.tooManyFields) }
      guard nameEnd - at <= Int(UInt16.max) else { throw WireError(.headTooLarge) }
      let known = KnownField(token: base + at, nameEnd - at)
      // `fieldsStart` is where the fields' own copy begins, so ranges are the same there.
      fields.entries.append(
        Fields.Entry(
          nameStart: UInt32(truncatingIfNeeded: at &- fieldsStart),
          valueStart: UInt32(truncatingIfNeeded: valueStart &- fieldsStart),
          valueCount: UInt32(truncatingIfNeeded: valueEnd &- valueStart),
          nameCount: UInt16(truncatingIfNeeded: nameEnd &- at), known: known))
      if section != .trailers, known.maySteer {
        let value = UnsafeRawBufferPointer(start: base + valueStart, count: valueEnd - valueStart)
        try facts.note(known, value, isRequest: section == .request, limits: limits)
      }
      at = lineEnd + 2
    }
    take(base, at, into: &fields)
    examined &+= end - line
    line = at
    scanned = end
    return false
  }

  /// Copies the section's bytes up to `end` that are not copied yet, so that the fields stand on their own.
  private func take(_ base: UnsafePointer<UInt8>, _ end: Int, into fields: inout Fields) {
    let from = fieldsStart + fields.bytes.count
    fields.bytes.append(contentsOf: UnsafeRawBufferPointer(start: base + from, count: end - from))
  }

  private static func nameError(_ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> WireError {
    switch base[end] {
    // RFC 9112 section 5.2: a line that begins with a blank goes on with the one before.
    case Byte.space where end == start, Byte.tab where end == start: WireError(.foldedField)
    // RFC 9112 section 5.1: no blank between name and colon.
    case Byte.space, Byte.tab: WireError(.spaceBeforeColon)
    case Byte.lineFeed: WireError(.bareLineFeed)
    default: WireError(.invalidFieldName)
    }
  }

  private static func valueError(_ byte: UInt8) -> WireError {
    WireError(byte == Byte.lineFeed ? .bareLineFeed : .invalidFieldValue)
  }
}
