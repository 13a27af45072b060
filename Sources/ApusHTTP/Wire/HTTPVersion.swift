/// `HTTP/1.x` in a start line (RFC 9112 section 2.3).
enum HTTPVersion: Equatable {
  case minor(Int)
  case incomplete, malformed, unsupported

  @inline(__always) static func read(_ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> HTTPVersion {
    if start &+ 8 <= end {
      let word = UInt64(littleEndian: UnsafeRawPointer(base).loadUnaligned(fromByteOffset: start, as: UInt64.self))
      if word == 0x312E_312F_5054_5448 { return .minor(1) }
      if word == 0x302E_312F_5054_5448 { return .minor(0) }
    }
    return readSlowly(base, start, end)
  }

  private static func readSlowly(_ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> HTTPVersion {
    let literal: StaticString = "HTTP/"
    for index in 0..<8 {
      guard start + index < end else { return .incomplete }
      let byte = base[start + index]
      let isRight =
        switch index {
        case 0..<5: byte == literal.utf8Start[index]
        case 6: byte == UInt8(ascii: ".")
        default: Byte.isDigit(byte)
        }
      guard isRight else { return .malformed }
    }
    guard base[start + 5] == UInt8(ascii: "1") else { return .unsupported }
    return .minor(Int(base[start + 7] - 0x30))
  }

  /// The index behind the CR LF at `start`; nil if it isn't there yet.
  @inline(__always) static func endOfLine(
    _ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int, otherwise kind: WireError.Kind
  ) throws(WireError) -> Int? {
    guard start < end else { return nil }
    guard base[start] == Byte.carriageReturn else {
      throw WireError(base[start] == Byte.lineFeed ? .bareLineFeed : kind)
    }
    guard start + 1 < end else { return nil }
    guard base[start + 1] == Byte.lineFeed else { throw WireError(.bareCarriageReturn) }
    return start + 2
  }
}
