import Glibc

/// A string as it stands in a valid text, between its quotes.
struct StringToken {
  let bytes: UnsafeBufferPointer<UInt8>
  let isEscaped: Bool
  let offset: Int

  @inline(__always)
  init(_ node: Node, in text: UnsafePointer<UInt8>) {
    offset = Int(node.offset)
    bytes = UnsafeBufferPointer(start: text + offset, count: Int(node.low))
    isEscaped = node.kind == .escaped
  }

  init(_ bytes: UnsafeBufferPointer<UInt8>) {
    self.bytes = bytes
    isEscaped = bytes.contains(ASCII.backslash)
    offset = 0
  }

  var string: String {
    guard isEscaped else { return String(decoding: bytes, as: UTF8.self) }
    // Every escape is longer than what it stands for.
    return String(unsafeUninitializedCapacity: bytes.count) { unescape(into: $0) }
  }

  var fingerprint: UInt32 {
    withValue { KeyMarks.fingerprint($0) }
  }

  @inline(__always)
  func equals(_ key: UnsafeBufferPointer<UInt8>) -> Bool {
    if isEscaped { return withValue { Self.order($0, key) == 0 } }
    guard bytes.count == key.count, let left = bytes.baseAddress, let right = key.baseAddress else {
      return bytes.isEmpty && key.isEmpty
    }
    return memcmp(left, right, bytes.count) == 0
  }

  /// Below zero, zero or above, by the UTF-8 of the values.
  func order(_ other: StringToken) -> Int {
    withValue { left in other.withValue { Self.order(left, $0) } }
  }

  private static func order(_ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>) -> Int {
    if let leftBase = left.baseAddress, let rightBase = right.baseAddress {
      let order = memcmp(leftBase, rightBase, min(left.count, right.count))
      if order != 0 { return Int(order) }
    }
    return left.count - right.count
  }

  @inline(__always)
  private func withValue<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    guard isEscaped else { return body(bytes) }
    let value = [UInt8](unsafeUninitializedCapacity: bytes.count) { buffer, count in
      count = unescape(into: buffer)
    }
    return value.withUnsafeBufferPointer(body)
  }

  /// Relies on the parser's checks: every escape is whole and every surrogate has its partner.
  private func unescape(into target: UnsafeMutableBufferPointer<UInt8>) -> Int {
    var count = 0
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      guard byte == ASCII.backslash else {
        target[count] = byte
        count += 1
        index += 1
        continue
      }
      if bytes[index + 1] != ASCII.lowerU {
        target[count] = Self.meaning(bytes[index + 1])
        count += 1
        index += 2
        continue
      }
      var scalar = codeUnit(index + 2)
      index += 6
      if 0xD800...0xDBFF ~= scalar {
        // RFC 8259 §7: a character beyond U+FFFF is written as its UTF-16 pair.
        scalar = 0x10000 + (scalar & 0x3FF) << 10 + codeUnit(index + 2) & 0x3FF
        index += 6
      }
      for unit in UTF8.encode(Unicode.Scalar(scalar) ?? "\u{FFFD}") ?? UTF8.encodedReplacementCharacter {
        target[count] = unit
        count += 1
      }
    }
    return count
  }

  private func codeUnit(_ index: Int) -> UInt32 {
    (index..<index + 4).reduce(0) { $0 << 4 | (ASCII.hexDigit(bytes[$1]) ?? 0) }
  }

  private static func meaning(_ letter: UInt8) -> UInt8 {
    switch letter {
    case 0x62: 0x08
    case 0x66: 0x0C
    case 0x6E: ASCII.newline
    case 0x72: ASCII.carriageReturn
    case 0x74: ASCII.tab
    default: letter
    }
  }
}
