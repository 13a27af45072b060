/// A zlib stream (RFC 1950) of one block with the fixed codes of deflate (RFC 1951 section 3.2.6), which knows
/// repetitions of the last byte alone: rows that are all white or as the row above cost a few bits, and that is all
/// that a QR code has.
struct Deflate {
  /// Method 8 with a window of 32 KiB; the header as a number is a multiple of 31.
  private var output: [UInt8] = [0x78, 0x01]
  private var pending: UInt32 = 0
  private var pendingBits: UInt32 = 0
  /// The last byte, and how often it came again since it was written.
  private var last: UInt8?
  private var repetitions = 0
  private var sums: (UInt32, UInt32) = (1, 0)

  init() {
    // The last block, with fixed codes.
    write(1, bits: 1)
    write(1, bits: 2)
  }

  mutating func append(_ byte: UInt8) {
    // Adler-32 (RFC 1950 section 8.2).
    sums.0 = (sums.0 + UInt32(byte)) % 65_521
    sums.1 = (sums.1 + sums.0) % 65_521
    if byte == last, repetitions < 258 {
      repetitions += 1
      return
    }
    writeRepetitions()
    writeLiteral(byte)
    last = byte
  }

  mutating func finished() -> [UInt8] {
    writeRepetitions()
    writeSymbol(256)
    if pendingBits > 0 { write(0, bits: 8 - pendingBits) }
    return output + PNGChunk.number(Int(sums.1 << 16 | sums.0))
  }

  /// A copy of fewer than three bytes does not exist.
  private mutating func writeRepetitions() {
    defer { repetitions = 0 }
    guard repetitions > 0, let last else { return }
    guard repetitions >= 3 else {
      for _ in 0..<repetitions { writeLiteral(last) }
      return
    }
    let (symbol, base, extra) = Deflate.length(repetitions)
    writeSymbol(symbol)
    write(UInt32(repetitions - base), bits: extra)
    // Distance 1: code 0 of five bits.
    write(0, bits: 5)
  }

  private mutating func writeLiteral(_ byte: UInt8) {
    writeSymbol(Int(byte))
  }

  /// Huffman codes go out from their highest bit on, everything else from its lowest.
  private mutating func writeSymbol(_ symbol: Int) {
    let (code, bits): (Int, UInt32) =
      switch symbol {
      case 0..<144: (0x30 + symbol, 8)
      case 144..<256: (0x190 + symbol - 144, 9)
      case 256..<280: (symbol - 256, 7)
      default: (0xC0 + symbol - 280, 8)
      }
    for bit in (0..<bits).reversed() { write(UInt32(code) >> bit & 1, bits: 1) }
  }

  private mutating func write(_ value: UInt32, bits: UInt32) {
    pending |= value << pendingBits
    pendingBits += bits
    while pendingBits >= 8 {
      output.append(UInt8(truncatingIfNeeded: pending))
      pending >>= 8
      pendingBits -= 8
    }
  }

  /// Symbol, smallest length and number of extra bits of a length from 3 to 258 (section 3.2.5).
  private static func length(_ length: Int) -> (symbol: Int, base: Int, extra: UInt32) {
    if length < 11 { return (254 + length, length, 0) }
    if length == 258 { return (285, 258, 0) }
    // Groups of four symbols, each group with one extra bit more.
    var (symbol, base, extra) = (265, 11, UInt32(1))
    while length >= base + (4 << Int(extra)) {
      base += 4 << Int(extra)
      symbol += 4
      extra += 1
    }
    let step = (length - base) >> Int(extra)
    return (symbol + step, base + step << Int(extra), extra)
  }
}
