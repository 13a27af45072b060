extension TextBuffer {
  mutating func null() { append("null") }

  mutating func bool(_ value: Bool) { append(value ? "true" : "false") }

  mutating func integer(_ value: some FixedWidthInteger) {
    if let small = Int64(exactly: value) {
      digits(small.magnitude, isNegative: small < 0)
    } else if let large = UInt64(exactly: value) {
      digits(large, isNegative: false)
    } else {
      ascii(value.description)
    }
  }

  private mutating func digits(_ magnitude: UInt64, isNegative: Bool) {
    // Twenty digits and a sign.
    reserve(21)
    var rest = magnitude
    var length = 1
    while rest >= 10 {
      rest /= 10
      length += 1
    }
    if isNegative { append(ASCII.minus) }
    rest = magnitude
    for place in stride(from: count + length - 1, through: count, by: -1) {
      base[place] = ASCII.zero + UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    }
    advance(length)
  }

  /// The shortest text that reads back as the same number; 5.0 keeps its point, so that it reads back as a Double.
  mutating func finite(_ value: Double) {
    if value == value.rounded(), value.magnitude < 0x1p53, value != 0 {
      integer(Int64(value))
      append(".0")
    } else {
      ascii(value.description)
    }
  }

  mutating func finite(_ value: Float) { ascii(value.description) }

  private mutating func ascii(_ text: String) {
    for byte in text.utf8 { append(byte) }
  }

  mutating func string(_ value: String) {
    if value.utf8.withContiguousStorageIfAvailable({ string($0) }) == nil {
      Array(value.utf8).withUnsafeBufferPointer { string($0) }
    }
  }

  /// Escapes what RFC 8259 §7 demands and nothing else.
  private mutating func string(_ value: UnsafeBufferPointer<UInt8>) {
    reserve(value.count + 2)
    append(ASCII.quote)
    var done = 0
    if let start = value.baseAddress {
      var index = 0
      while index < value.count {
        index = Self.plainEnd(start, index, value.count)
        append(UnsafeBufferPointer(start: start + done, count: index - done))
        if index < value.count { escape(start[index]) }
        index += 1
        done = index
      }
    }
    append(ASCII.quote)
  }

  /// The first byte from `index` on that needs an escape, or the end.
  @inline(__always)
  private static func plainEnd(_ start: UnsafePointer<UInt8>, _ index: Int, _ end: Int) -> Int {
    var index = index
    while index + 8 <= end {
      let special = EightBytes.special(EightBytes.load(start + index))
      if special != 0 { return index + special.trailingZeroBitCount >> 3 }
      index += 8
    }
    while index < end, start[index] >= ASCII.space, start[index] != ASCII.quote, start[index] != ASCII.backslash {
      index += 1
    }
    return index
  }

  private mutating func escape(_ byte: UInt8) {
    switch byte {
    case ASCII.quote: append("\\\"")
    case ASCII.backslash: append("\\\\")
    case 0x08: append("\\b")
    case ASCII.tab: append("\\t")
    case ASCII.newline: append("\\n")
    case 0x0C: append("\\f")
    case ASCII.carriageReturn: append("\\r")
    default:
      append(byte < 0x10 ? "\\u000" : "\\u001")
      append(byte & 15 < 10 ? ASCII.zero + byte & 15 : 0x61 + byte & 15 - 10)
    }
  }
}
