extension TapeParser {
  func fail(_ reason: JSONError.Reason) -> JSONError {
    JSONError(reason, at: at, in: text)
  }

  func expected(_ what: String) -> JSONError {
    fail(at >= end ? .ended(expected: what) : .expected(what, found: found()))
  }

  /// What stands here, short enough for a message and on one line.
  func found() -> String {
    var length = 0
    while length < 16, ASCII.isWord(text[at + length]) { length += 1 }
    if length > 0 { return "`\(ASCII.string(text + at, length))`" }
    let byte = text[at]
    switch byte {
    case 0x21..<0x7F: return "`\(Character(Unicode.Scalar(byte)))`"
    default: return "byte 0x" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }
  }
}
