/// Where functions, initialisers and subscripts begin and end, by counting brackets.
struct FunctionBodies {
  /// From 1; the line of the declaration, attributes above it not counted.
  var firstLine: Int
  var lineCount: Int

  private struct Token {
    var text: String
    var line: Int
  }

  static func find(in code: [[UInt8]]) -> [FunctionBodies] {
    let tokens = tokenise(code)
    return tokens.indices.compactMap { index in
      guard isDeclaration(tokens, index), let open = bodyOpening(tokens, after: index) else { return nil }
      let close = closing(tokens, from: open)
      let first = tokens[index].line
      return FunctionBodies(firstLine: first, lineCount: tokens[close].line - first + 1)
    }
  }

  private static func isDeclaration(_ tokens: [Token], _ index: Int) -> Bool {
    let previous = index > 0 ? tokens[index - 1].text : ""
    switch tokens[index].text {
    case "func", "deinit": return true
    // `x.init(…)` and `subscript` as a label are uses.
    case "init", "subscript":
      let next = index + 1 < tokens.count ? tokens[index + 1].text : ""
      return previous != "." && ["(", "<", "?", "!"].contains(next)
    default: return false
    }
  }

  /// The brace after the signature, or nil for a requirement of a protocol.
  private static func bodyOpening(_ tokens: [Token], after index: Int) -> Int? {
    var depth = 0
    for position in tokens.indices.dropFirst(index + 1) {
      switch tokens[position].text {
      case "(", "[": depth += 1
      case ")", "]": depth -= 1
      case "{" where depth == 0: return position
      case "}", "func", "init", "deinit", "subscript", "var", "let", "associatedtype", "struct", "extension", "enum":
        if depth == 0 { return nil }
      default: break
      }
    }
    return nil
  }

  private static func closing(_ tokens: [Token], from open: Int) -> Int {
    var depth = 0
    for position in tokens.indices.dropFirst(open) {
      if tokens[position].text == "{" { depth += 1 }
      if tokens[position].text == "}" { depth -= 1 }
      if depth == 0 { return position }
    }
    return tokens.count - 1
  }

  /// Identifiers, and every other byte by itself; spaces dropped.
  private static func tokenise(_ code: [[UInt8]]) -> [Token] {
    var tokens: [Token] = []
    for (index, line) in code.enumerated() {
      var word: [UInt8] = []
      for byte in line + [UInt8(ascii: " ")] {
        if byte.continuesIdentifier {
          word.append(byte)
          continue
        }
        if !word.isEmpty { tokens.append(Token(text: String(decoding: word, as: UTF8.self), line: index + 1)) }
        word = []
        if byte != UInt8(ascii: " ") {
          tokens.append(Token(text: String(Unicode.Scalar(byte)), line: index + 1))
        }
      }
    }
    return tokens
  }
}
