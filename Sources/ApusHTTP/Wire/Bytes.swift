/// The characters that steer a head (RFC 9112 section 2.2).
enum Byte {
  static let tab: UInt8 = 0x09
  static let lineFeed: UInt8 = 0x0A
  static let carriageReturn: UInt8 = 0x0D
  static let space: UInt8 = 0x20
  static let colon: UInt8 = 0x3A

  @inline(__always) static func isBlank(_ byte: UInt8) -> Bool { byte == space || byte == tab }

  @inline(__always) static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

  /// The value of a hexadecimal digit, or nil.
  @inline(__always) static func hexadecimal(_ byte: UInt8) -> UInt8? {
    if isDigit(byte) { return byte &- 0x30 }
    let letter = (byte | 0x20) &- 0x61
    return letter < 6 ? letter &+ 10 : nil
  }

  @inline(__always) static func lowercased(_ byte: UInt8) -> UInt8 {
    byte &- 0x41 < 26 ? byte | 0x20 : byte
  }
}

/// The index of the first control character but TAB from `start` on, or `end`; eight bytes at a step.
@inline(__always) func skipFieldText(_ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> Int {
  let raw = UnsafeRawPointer(base)
  var at = start
  while true {
    while at &+ 8 <= end {
      let word = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: at, as: UInt64.self))
      // A borrow makes later bytes look like a hit only behind a true one, and we want the first.
      let below = (word &- 0x2020_2020_2020_2020) & ~word
      let delete = word ^ 0x7F7F_7F7F_7F7F_7F7F
      let hits = (below | ((delete &- 0x0101_0101_0101_0101) & ~delete)) & 0x8080_8080_8080_8080
      if hits != 0 {
        at &+= hits.trailingZeroBitCount / 8
        break
      }
      at &+= 8
    }
    while at < end, base[at] >= Byte.space, base[at] != 0x7F { at &+= 1 }
    guard at < end, base[at] == Byte.tab else { return at }
    at &+= 1
  }
}

/// ASCII letters are equal whatever their case; every other byte is itself.
func equalIgnoringCase(_ one: UnsafeRawBufferPointer, _ other: UnsafeRawBufferPointer) -> Bool {
  guard one.count == other.count else { return false }
  for index in 0..<one.count where one[index] != other[index] {
    guard Byte.lowercased(one[index]) == Byte.lowercased(other[index]) else { return false }
  }
  return true
}

func equalIgnoringCase(_ one: UnsafeRawBufferPointer, _ other: StaticString) -> Bool {
  equalIgnoringCase(one, UnsafeRawBufferPointer(start: other.utf8Start, count: other.utf8CodeUnitCount))
}

/// `bytes` without blanks at either end (RFC 9110 section 5.6.3, OWS).
@inline(__always) func trimmed(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
  var start = 0
  var end = bytes.count
  while start < end, Byte.isBlank(bytes[start]) { start += 1 }
  while end > start, Byte.isBlank(bytes[end - 1]) { end -= 1 }
  return UnsafeRawBufferPointer(rebasing: bytes[start..<end])
}

/// Calls `body` with each non-empty element of a comma-separated list (RFC 9110 section 5.6.1).
@inline(__always) func forEachListElement(
  _ list: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> Void
) {
  var start = 0
  while start < list.count {
    var end = start
    while end < list.count, list[end] != 0x2C { end += 1 }
    let element = trimmed(UnsafeRawBufferPointer(rebasing: list[start..<end]))
    if element.count > 0 { body(element) }
    start = end + 1
  }
}
