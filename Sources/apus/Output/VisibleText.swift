/// Somebody else's text on its way to a terminal: what could steer it, or turn what stands there around, is written out
/// as JSON writes it, `\u001b`.
struct VisibleText {
  /// The bytes are no text, with which a terminal can do nothing.
  struct NoText: Error, CustomStringConvertible {
    let description = "it is no text"
  }

  /// What the bytes so far end in, if that may be a part of a character, or of a line's end.
  private var rest: [UInt8] = []

  /// The next piece, as far as its characters are whole.
  mutating func take(_ piece: some Sequence<UInt8>) throws(NoText) -> String {
    let bytes = rest + piece
    let whole = Self.whole(bytes)
    rest = Array(bytes[whole...])
    return try Self.read(bytes[..<whole])
  }

  /// What is left when all has come.
  mutating func finish() throws(NoText) -> String {
    defer { rest = [] }
    return try Self.read(rest[...])
  }

  /// A text that is there as a whole.
  static func of(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isUnseen) else { return text }
    var shown = ""
    var scalars = text.unicodeScalars[...]
    while let scalar = scalars.popFirst() {
      // RFC 2046 section 4.1.1: CR LF is how lines of text end.
      if !isUnseen(scalar) || scalar == "\r" && scalars.first == "\n" {
        shown.unicodeScalars.append(scalar)
      } else {
        let digits = String(scalar.value, radix: 16)
        shown += "\\u" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
      }
    }
    return shown
  }

  private static func read(_ bytes: ArraySlice<UInt8>) throws(NoText) -> String {
    guard !bytes.contains(0), let text = String(validating: bytes, as: UTF8.self) else { throw NoText() }
    return of(text)
  }

  /// How many bytes are whole characters: what stands behind them is the beginning of one, of three bytes at most
  /// (RFC 3629 section 3), or a CR whose LF may come.
  private static func whole(_ bytes: [UInt8]) -> Int {
    if bytes.last == 0x0D { return bytes.count - 1 }
    for start in bytes.indices.suffix(3).reversed() where bytes[start] & 0xC0 != 0x80 {
      let length = bytes[start] >= 0xF0 ? 4 : bytes[start] >= 0xE0 ? 3 : bytes[start] >= 0xC0 ? 2 : 1
      return start + length > bytes.count ? start : bytes.count
    }
    return bytes.count
  }

  private static func isUnseen(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "\n", "\t": false
    // Marks that change the direction of the text around them (UAX #9), and the two line ends that are no control.
    case "\u{61C}", "\u{200E}", "\u{200F}", "\u{2028}"..."\u{202E}", "\u{2066}"..."\u{2069}": true
    default: scalar.properties.generalCategory == .control
    }
  }
}
