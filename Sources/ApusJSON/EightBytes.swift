/// Eight bytes of text looked at in one register.
enum EightBytes {
  private static let ones: UInt64 = 0x0101_0101_0101_0101
  private static let tops: UInt64 = 0x8080_8080_8080_8080

  /// The first byte is the lowest, on any machine.
  @inline(__always)
  static func load(_ text: UnsafePointer<UInt8>) -> UInt64 {
    UInt64(littleEndian: UnsafeRawPointer(text).loadUnaligned(as: UInt64.self))
  }

  /// A mask whose lowest set bit lies in the first byte that ends a run of plain characters.
  ///
  /// Borrows make bits above the first match meaningless; only `trailingZeroBitCount` may be asked.
  @inline(__always)
  static func special(_ word: UInt64) -> UInt64 {
    let quotes = word ^ (ones &* UInt64(ASCII.quote))
    let slashes = word ^ (ones &* UInt64(ASCII.backslash))
    let found = ((quotes &- ones) & ~quotes) | ((slashes &- ones) & ~slashes)
    return (found | ((word &- (ones &* 0x20)) & ~word)) & tops
  }

  /// As `special`, and stops at bytes outside ASCII too.
  @inline(__always)
  static func specialOrWide(_ word: UInt64) -> UInt64 {
    special(word) | (word & tops)
  }
}
