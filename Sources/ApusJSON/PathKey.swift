/// One step on the way to a value: a member's key or an element's index.
struct PathKey: CodingKey, Equatable {
  let stringValue: String
  let intValue: Int?

  /// Longer keys are cut in messages: they come from whoever sent the document.
  private static let scalarsShown = 64

  init(stringValue: String) {
    self.stringValue = stringValue
    intValue = nil
  }

  /// The string is what the standard library's own containers use for an index.
  init(intValue: Int) {
    stringValue = "Index \(intValue)"
    self.intValue = intValue
  }

  /// The index if this key of any type stands for an element, and not for a member whose key is a number.
  static func index(_ key: any CodingKey) -> Int? {
    key.stringValue.utf8.starts(with: "Index ".utf8) ? key.intValue : nil
  }

  /// `orders[3].price`, or `headers["x-id"][0]`.
  static func render(_ path: [any CodingKey]) -> String {
    var text = ""
    for key in path {
      if let index = index(key) {
        text += "[\(index)]"
      } else if isPlain(key.stringValue) {
        text += text.isEmpty ? key.stringValue : "." + key.stringValue
      } else {
        text += "[\(quoted(key.stringValue))]"
      }
    }
    return text
  }

  /// The key in quotes, on one line whatever it contains.
  static func quoted(_ key: String) -> String {
    var text = "\""
    for scalar in key.unicodeScalars.prefix(scalarsShown) {
      switch scalar {
      case "\"", "\\": text += "\\\(scalar)"
      case let scalar where scalar.properties.generalCategory == .control:
        text += "\\u{\(String(scalar.value, radix: 16))}"
      default: text.unicodeScalars.append(scalar)
      }
    }
    if key.unicodeScalars.count > scalarsShown { text += "…" }
    return text + "\""
  }

  private static func isPlain(_ key: String) -> Bool {
    !key.isEmpty && key.utf8.count <= scalarsShown && key.utf8.allSatisfy { ASCII.isWord($0) }
  }
}
