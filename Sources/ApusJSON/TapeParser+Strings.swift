extension TapeParser {
  /// Reads a string, starting at its quote.
  mutating func string(isKey: Bool) throws(JSONError) {
    let start = at + 1
    var index = start
    var kind = Node.Kind.string
    while true {
      let special = EightBytes.specialOrWide(EightBytes.load(text + index))
      if special == 0 {
        index += 8
        continue
      }
      index += special.trailingZeroBitCount >> 3
      let byte = text[index]
      if byte == ASCII.quote { break }
      if byte == ASCII.backslash {
        kind = .escaped
        index = try escape(index)
      } else if byte < ASCII.space {
        at = index
        throw index >= end ? fail(.ended(expected: "the end of a string")) : fail(.controlCharacter(byte))
      } else {
        repeat { index = try scalar(index) } while text[index] >= 0x80
      }
    }
    var node = Node(kind, at: start)
    node.low = UInt32(truncatingIfNeeded: index - start)
    nodes.append(node)
    at = index + 1
  }

  /// Checks one escape (RFC 8259 §7); returns the index behind it.
  private mutating func escape(_ index: Int) throws(JSONError) -> Int {
    at = index
    switch text[index + 1] {
    case ASCII.quote, ASCII.backslash, 0x2F, 0x62, 0x66, 0x6E, 0x72, 0x74:
      return index + 2
    case ASCII.lowerU:
      let unit = try codeUnit(index)
      switch unit {
      case 0xD800...0xDBFF:
        guard text[index + 6] == ASCII.backslash, text[index + 7] == ASCII.lowerU,
          case 0xDC00...0xDFFF = try codeUnit(index + 6)
        else { throw loneSurrogate(index) }
        return index + 12
      case 0xDC00...0xDFFF:
        throw loneSurrogate(index)
      default:
        return index + 6
      }
    default:
      throw index + 1 >= end ? fail(.ended(expected: "an escape")) : fail(.unknownEscape(shown(index, 2)))
    }
  }

  /// The four hexadecimal digits of `\uXXXX`.
  private func codeUnit(_ index: Int) throws(JSONError) -> UInt32 {
    var unit: UInt32 = 0
    for place in index + 2..<index + 6 {
      guard let digit = ASCII.hexDigit(text[place]) else {
        throw place >= end ? fail(.ended(expected: "four hexadecimal digits")) : fail(.unknownEscape(shown(index, 6)))
      }
      unit = unit << 4 | digit
    }
    return unit
  }

  private func loneSurrogate(_ index: Int) -> JSONError {
    fail(.loneSurrogate(ASCII.string(text + index, 6)))
  }

  /// An escape as it stands, up to where printable ASCII ends.
  private func shown(_ index: Int, _ count: Int) -> String {
    var length = 0
    while length < count, case 0x21..<0x7F = text[index + length] { length += 1 }
    return ASCII.string(text + index, length)
  }

  /// Checks one scalar outside ASCII (Unicode table 3-7, RFC 3629 §4); returns the index behind it.
  ///
  /// The first continuation byte carries the bounds that shut out overlong forms, surrogates and beyond U+10FFFF.
  @inline(__always)
  private mutating func scalar(_ index: Int) throws(JSONError) -> Int {
    let (length, second): (Int, ClosedRange<UInt8>) =
      switch text[index] {
      case 0xC2...0xDF: (2, 0x80...0xBF)
      case 0xE0: (3, 0xA0...0xBF)
      case 0xED: (3, 0x80...0x9F)
      case 0xE1...0xEF: (3, 0x80...0xBF)
      case 0xF0: (4, 0x90...0xBF)
      case 0xF1...0xF3: (4, 0x80...0xBF)
      case 0xF4: (4, 0x80...0x8F)
      default: (0, 0x80...0xBF)
      }
    at = index
    guard length > 0, second.contains(text[index + 1]) else { throw fail(.notUTF8(byte: text[index])) }
    for place in index + 2..<index + max(length, 2) where text[place] & 0xC0 != 0x80 {
      throw fail(.notUTF8(byte: text[index]))
    }
    return index + length
  }
}
