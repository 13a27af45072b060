/// Scalars resolved by the core schema of YAML 1.2.2 §10.3.2; a quoted one is a string unless a tag says otherwise.
extension YAMLNode {
  package var isNull: Bool {
    guard let text = plainText(orTagged: "null") else { return false }
    return switch text {
    case "", "~", "null", "Null", "NULL": true
    default: false
    }
  }

  package var asBool: Bool? {
    switch plainText(orTagged: "bool") {
    case "true", "True", "TRUE": true
    case "false", "False", "FALSE": false
    default: nil
    }
  }

  /// The integer, if it fits 64 bits.
  package var asInt: Int? {
    guard let text = plainText(orTagged: "int") else { return nil }
    // The core schema gives no sign to the octal and hexadecimal forms.
    if text.hasPrefix("0o") { return Self.unsigned(text.dropFirst(2), radix: 8) }
    if text.hasPrefix("0x") { return Self.unsigned(text.dropFirst(2), radix: 16) }
    return Int(text)
  }

  /// The number, integers included; nil for one beyond the range of a double.
  package var asDouble: Double? {
    if let integer = asInt { return Double(integer) }
    guard let text = plainText(orTagged: "float") else { return nil }
    switch text {
    case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF": return .infinity
    case "-.inf", "-.Inf", "-.INF": return -.infinity
    case ".nan", ".NaN", ".NAN": return .nan
    default: break
    }
    guard Self.isDecimal(text), let number = Double(text), number.isFinite else { return nil }
    return number
  }

  /// The text, if the schema may give it a meaning: plain without a tag, or with this very tag.
  private func plainText(orTagged name: String) -> String? {
    guard case .scalar(let text, let style, let tag) = kind else { return nil }
    guard let tag else { return style == .plain ? text : nil }
    return tag == "tag:yaml.org,2002:" + name ? text : nil
  }

  private static func unsigned(_ digits: Substring, radix: Int) -> Int? {
    digits.first == "+" || digits.first == "-" ? nil : Int(digits, radix: radix)
  }

  /// `[-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`
  private static func isDecimal(_ text: String) -> Bool {
    var rest = text.utf8[...]
    func takeDigits() -> Int {
      let run = rest.prefix { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
      rest = rest[run.endIndex...]
      return run.count
    }
    func take(_ choices: String) -> Bool {
      guard let byte = rest.first, choices.utf8.contains(byte) else { return false }
      rest.removeFirst()
      return true
    }
    _ = take("+-")
    let whole = takeDigits()
    let fraction = take(".") ? takeDigits() : 0
    guard whole + fraction > 0 else { return false }
    if take("eE") {
      _ = take("+-")
      guard takeDigits() > 0 else { return false }
    }
    return rest.isEmpty
  }
}
