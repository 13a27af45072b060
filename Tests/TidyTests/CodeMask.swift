/// Blanks what is not code, so that a rule about code can't be broken by a comment or a string.
///
/// It knows comments (nested), strings of every kind with their interpolations (which are code), and raw identifiers.
/// It does not know regex literals: one that holds a quotation mark blanks the rest of its line.
struct CodeMask {
  private let bytes: [UInt8]
  private var masked: [UInt8]
  private var index = 0

  private init(_ bytes: [UInt8]) {
    self.bytes = bytes
    masked = bytes
  }

  static func apply(to bytes: [UInt8]) -> [UInt8] {
    var mask = CodeMask(bytes)
    mask.code(untilParenthesis: false)
    return mask.masked
  }

  private func byte(_ offset: Int = 0) -> Character? {
    index + offset < bytes.count ? Character(Unicode.Scalar(bytes[index + offset])) : nil
  }

  private mutating func blank(_ count: Int = 1) {
    for _ in 0..<count where index < bytes.count {
      if bytes[index] != UInt8(ascii: "\n") { masked[index] = UInt8(ascii: " ") }
      index += 1
    }
  }

  private mutating func code(untilParenthesis: Bool) {
    var depth = 0
    while let character = byte() {
      switch character {
      case "/" where byte(1) == "/":
        while let next = byte(), next != "\n" { blank() }
      case "/" where byte(1) == "*":
        blockComment()
      case "`":
        rawIdentifier()
      case "\"":
        string(hashes: 0)
      case "#" where hashesBeforeQuote() > 0:
        let hashes = hashesBeforeQuote()
        index += hashes
        string(hashes: hashes)
      case "(":
        depth += 1
        index += 1
      case ")":
        if untilParenthesis, depth == 0 { return }
        depth -= 1
        index += 1
      default:
        index += 1
      }
    }
  }

  private func hashesBeforeQuote() -> Int {
    var count = 0
    while byte(count) == "#" { count += 1 }
    return byte(count) == "\"" ? count : 0
  }

  private mutating func blockComment() {
    var depth = 0
    repeat {
      if byte() == "/", byte(1) == "*" {
        depth += 1
        blank(2)
      } else if byte() == "*", byte(1) == "/" {
        depth -= 1
        blank(2)
      } else {
        blank()
      }
    } while depth > 0 && index < bytes.count
  }

  private mutating func rawIdentifier() {
    index += 1
    while let next = byte(), next != "`", next != "\n" { blank() }
    if byte() == "`" { index += 1 }
  }

  private func has(_ character: Character, times count: Int, at offset: Int) -> Bool {
    (0..<count).allSatisfy { byte(offset + $0) == character }
  }

  private mutating func string(hashes: Int) {
    let quotes = has("\"", times: 3, at: 0) ? 3 : 1
    index += quotes
    while let character = byte() {
      if character == "\"", has("\"", times: quotes, at: 0), has("#", times: hashes, at: quotes) {
        index += quotes + hashes
        return
      }
      if character == "\n", quotes == 1 { return }
      if character == "\\", has("#", times: hashes, at: 1) {
        blank(1 + hashes)
        if byte() == "(" {
          index += 1
          code(untilParenthesis: true)
          index += 1
          continue
        }
      }
      blank()
    }
  }
}
