/// The frame of each part of a PNG (ISO/IEC 15948 section 5.3).
enum PNGChunk {
  static func bytes(_ type: StaticString, _ content: [UInt8]) -> [UInt8] {
    let named = type.withUTF8Buffer { Array($0) } + content
    return number(content.count) + named + number(Int(checksum(named)))
  }

  /// Four bytes, the largest first.
  static func number(_ number: Int) -> [UInt8] {
    stride(from: 24, through: 0, by: -8).map { UInt8(truncatingIfNeeded: number >> $0) }
  }

  /// CRC-32 of Annex D.
  private static func checksum(_ bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(UInt32.max) { sum, byte in
      table[Int((sum ^ UInt32(byte)) & 0xFF)] ^ (sum >> 8)
    }
  }

  private static let table: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1 }
  }
}
