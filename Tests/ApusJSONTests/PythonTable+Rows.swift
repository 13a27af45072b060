import ApusJSON

extension PythonTable {
  struct Row: CustomStringConvertible {
    let description: String
    let document: [UInt8]
    let verdict: String

    init(_ line: Substring) {
      let parts = line.split(separator: " ", omittingEmptySubsequences: false)
      description = String(line)
      verdict = String(parts[1])
      var document: [UInt8] = []
      var rest = parts[0].utf8
      while let byte = rest.popFirst() {
        if byte == UInt8(ascii: "%") {
          document.append(UInt8(Substring(rest.prefix(2)), radix: 16) ?? 0)
          rest = rest.dropFirst(2)
        } else {
          document.append(byte)
        }
      }
      self.document = document
    }
  }

  static let rows = text.split(separator: "\n").map(Row.init)

  /// The form in which the table states values.
  static func canonical(_ value: JSON) -> String {
    switch value {
    case .null: "n"
    case .bool(let bool): bool ? "t" : "f"
    case .integer(let integer): "i\(integer)"
    case .number(let number): "d" + hex(number.bitPattern, 16)
    case .string(let string): "s" + string.utf8.map { hex(UInt64($0), 2) }.joined()
    case .array(let elements): "[" + elements.map(canonical).joined(separator: ",") + "]"
    case .object(let members):
      "{" + members.map { canonical(.string($0.key)) + ":" + canonical($0.value) }.joined(separator: ",") + "}"
    }
  }

  private static func hex(_ value: UInt64, _ digits: Int) -> String {
    let text = String(value, radix: 16)
    return String(repeating: "0", count: digits - text.count) + text
  }
}
