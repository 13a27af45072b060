/// The chunked coding (RFC 9112 section 7.1), byte by byte but for the data.
extension BodyDecoder {
  mutating func nextChunked(
    _ input: UnsafeRawBufferPointer, _ consumed: inout Int
  ) throws(WireError) -> Step {
    while state != .trailers {
      if state == .chunkData {
        let step = takeData(input, &consumed)
        if remaining == 0 { state = .chunkEnd }
        return step
      }
      guard consumed < input.count else { return .needsMore }
      let byte = input[consumed]
      switch state {
      case .chunkSize: try readSize(byte)
      case .chunkExtension: try readExtension(byte)
      case .chunkSizeEnd: try endSizeLine(byte)
      case .chunkEnd:
        guard byte == Byte.carriageReturn else { throw WireError(.invalidChunkEnd) }
        state = .chunkEndLineFeed
      default:
        guard byte == Byte.lineFeed else { throw WireError(.invalidChunkEnd) }
        beginSizeLine()
      }
      consumed += 1
    }
    return try readTrailers(input, &consumed)
  }

  private mutating func beginSizeLine() {
    state = .chunkSize
    remaining = 0
    lineBytes = 0
    sizeDigits = 0
  }

  private mutating func readSize(_ byte: UInt8) throws(WireError) {
    lineBytes += 1
    if let digit = Byte.hexadecimal(byte) {
      // 16 digits fill 64 bits: no more, or the size would wrap around to a small one.
      guard sizeDigits < 16 else { throw WireError(.invalidChunkSize) }
      sizeDigits += 1
      remaining = remaining << 4 | UInt64(digit)
      return
    }
    guard sizeDigits > 0 else { throw WireError(.invalidChunkSize) }
    switch byte {
    case Byte.carriageReturn: state = .chunkSizeEnd
    case UInt8(ascii: ";"): state = .chunkExtension
    case Byte.lineFeed: throw WireError(.bareLineFeed)
    // Blanks are allowed before `;` only by the grammar's "bad whitespace", which nobody needs to send.
    default: throw WireError(.invalidChunkSize)
    }
    // Refused before it is read, so that nobody waits for a chunk that can't be.
    guard remaining <= allowance else { throw WireError(.bodyTooLarge) }
  }

  private mutating func readExtension(_ byte: UInt8) throws(WireError) {
    lineBytes += 1
    extensionBytes += 1
    guard lineBytes <= lineLimit, extensionBytes <= extensionLimit else { throw WireError(.chunkLineTooLong) }
    switch byte {
    case Byte.carriageReturn: state = .chunkSizeEnd
    case Byte.lineFeed: throw WireError(.bareLineFeed)
    case Byte.tab: break
    case 0..<Byte.space, 0x7F: throw WireError(.invalidChunkExtension)
    default: break
    }
  }

  private mutating func endSizeLine(_ byte: UInt8) throws(WireError) {
    guard byte == Byte.lineFeed else { throw WireError(.bareCarriageReturn) }
    allowance -= remaining
    if remaining > 0 {
      state = .chunkData
    } else {
      state = .trailers
      lines.restart()
      lines.fieldsStart = 0
    }
  }

  /// Trailers are parsed in place, so none of the section is consumed before all of it is there.
  private mutating func readTrailers(
    _ input: UnsafeRawBufferPointer, _ consumed: inout Int
  ) throws(WireError) -> Step {
    let section = UnsafeRawBufferPointer(rebasing: input[min(consumed, input.count)...])
    guard let base = section.baseAddress?.assumingMemoryBound(to: UInt8.self), section.count > 0 else {
      return .needsMore
    }
    let end = min(section.count, trailerLimits.headBytes)
    if lines.scanned > 0 {
      guard lines.scanned <= end, trailers.bytes.count == lines.line else { throw WireError(.truncated) }
      guard lines.mayGoOn(base, end, limit: trailerLimits.headBytes) else { return .needsMore }
    }
    var facts = FramingFacts()
    let isComplete: Bool
    do throws(WireError) {
      isComplete = try lines.parse(base, end, into: &trailers, &facts, of: .trailers, trailerLimits)
    } catch {
      trailers.removeAll()
      throw error
    }
    guard isComplete else {
      guard end < trailerLimits.headBytes else { throw WireError(.trailersTooLarge) }
      return .needsMore
    }
    consumed += lines.line
    // RFC 9110 section 6.5.1: a trailer can't take back what the head said.
    trailers.remove(.forbiddenInTrailers)
    state = .finished
    return .finished
  }
}
