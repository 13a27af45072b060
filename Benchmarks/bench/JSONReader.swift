/// Reads a JSON text that we or our gateway wrote; escapes beyond the simple ones are refused.
struct JSONReader {
  private var rest: Substring
  private let path: String

  static func value(ofFile path: String) throws(BenchError) -> JSONValue {
    try value(of: try text(of: path), from: path)
  }

  /// `path` is named where the text makes no sense.
  static func value(of text: String, from path: String) throws(BenchError) -> JSONValue {
    var reader = JSONReader(rest: text[...], path: path)
    let value = try reader.value(depth: 0)
    reader.skipSpace()
    guard reader.rest.isEmpty else { throw reader.error("expected the end") }
    return value
  }

  private init(rest: Substring, path: String) {
    self.rest = rest
    self.path = path
  }

  private func error(_ text: String) -> BenchError {
    .failed("\(path): \(text) before '\(rest.prefix(30))'")
  }

  private mutating func skipSpace() {
    rest = rest.drop { $0 == " " || $0.isNewline || $0 == "\t" }
  }

  private mutating func take(_ token: String) -> Bool {
    skipSpace()
    guard rest.hasPrefix(token) else { return false }
    rest = rest.dropFirst(token.count)
    return true
  }

  private mutating func value(depth: Int) throws(BenchError) -> JSONValue {
    guard depth < 16 else { throw error("nested too deeply") }
    if take("null") { return .null }
    if take("true") { return .bool(true) }
    if take("false") { return .bool(false) }
    if take("\"") { return .string(try stringBody()) }
    if take("[") {
      return .array(try elements(until: "]") { reader throws(BenchError) in try reader.value(depth: depth + 1) })
    }
    if take("{") {
      return .object(
        try elements(until: "}") { reader throws(BenchError) in
          guard reader.take("\"") else { throw reader.error("expected a name") }
          let name = try reader.stringBody()
          guard reader.take(":") else { throw reader.error("expected ':'") }
          return (name: name, value: try reader.value(depth: depth + 1))
        })
    }
    let digits = rest.prefix { "+-.eE0123456789".contains($0) }
    guard let number = Double(String(digits)) else { throw error("expected a value") }
    rest = rest.dropFirst(digits.count)
    return .number(number)
  }

  private mutating func elements<Element>(
    until end: String, _ element: (inout JSONReader) throws(BenchError) -> Element
  ) throws(BenchError) -> [Element] {
    var result: [Element] = []
    if take(end) { return result }
    while true {
      result.append(try element(&self))
      if take(end) { return result }
      guard take(",") else { throw error("expected ',' or '\(end)'") }
    }
  }

  private mutating func stringBody() throws(BenchError) -> String {
    var result = ""
    while let character = rest.popFirst() {
      if character == "\"" { return result }
      guard character == "\\" else {
        result.append(character)
        continue
      }
      switch rest.popFirst() {
      case "n": result.append("\n")
      case let escaped? where "\"\\/".contains(escaped): result.append(escaped)
      default: throw error("unknown escape")
      }
    }
    throw error("expected the end of a string")
  }
}
