internal import ApusJSON

/// A value of the JSON form. None is refused here: which option it is for decides what it may be.
struct JSONOption {
  private let value: JSON

  /// Read in one go: a document may have a million members, none of which is an option's.
  static func members(of bytes: [UInt8]) throws(JSONError) -> [(name: String, value: JSONOption)] {
    guard let members = try JSON.parse(bytes).objectValue else { throw JSONError(.invalid("expected one object")) }
    return members.map { ($0.key, JSONOption(value: $0.value)) }
  }

  /// The text that a query would have for it.
  func text(for option: String) -> String {
    switch value {
    case .string(let text): text
    case .array(let names) where option == "objects" && names.allSatisfy { $0.stringValue != nil }:
      names.compactMap(\.stringValue).joined(separator: ",")
    case .object(let members) where option == "threshold":
      members.map { "\($0.key):\(Self.word($0.value))" }.joined(separator: ",")
    default: Self.word(value)
    }
  }

  private static func word(_ value: JSON) -> String {
    switch value {
    case .null: "null"
    case .bool(let flag): flag ? "true" : "false"
    case .integer(let number): "\(number)"
    case .number(let number): OptionText.plain(number)
    case .string: "a string"
    case .array: "a list"
    case .object: "an object"
    }
  }

  /// Bytes in base64, which are nothing but a text.
  var image: [UInt8]? { value.stringValue.flatMap(Base64.decode) }
}
