import ApusModel

/// Reads settings out of an environment; what is empty counts as not set.
struct SettingText {
  private let environment: [String: String]

  init(_ environment: [String: String]) {
    self.environment = environment
  }

  static let duration = "a Go duration like 15m, above 0"
  static let yesOrNo = "true or false"
  static let positive = "a whole number above 0"

  func read<Value>(
    _ name: String, _ form: String, _ target: inout Value, _ parse: (String) -> Value?
  ) throws(AccountError) {
    guard let text = environment[name], !text.isEmpty else { return }
    guard let value = parse(text) else {
      throw AccountError(.settings, "the setting \(name) is not \(form)", advice: "Correct it in stack.yml")
    }
    target = value
  }

  static func seconds(_ text: String) -> Int64? {
    let seconds = (try? GoDuration.parse(text))?.components.seconds ?? 0
    return 1...315_360_000 ~= seconds ? seconds : nil
  }

  static func flag(_ text: String) -> Bool? {
    switch text {
    case "true", "1": true
    case "false", "0": false
    default: nil
    }
  }

  static func number(_ text: String) -> Int? {
    guard let number = Int(text), 1...1_000_000_000 ~= number else { return nil }
    return number
  }

  /// Without the slash at its end.
  static func url(_ text: String) -> String?? {
    let scheme = ["https://", "http://"].first { text.hasPrefix($0) }
    guard let scheme, text.utf8.count > scheme.utf8.count, text.utf8.count <= 512,
      text.utf8.allSatisfy({ 0x21...0x7E ~= $0 && $0 != 0x22 && $0 != 0x23 && $0 != 0x3C && $0 != 0x3E && $0 != 0x3F })
    else { return nil }
    return text.hasSuffix("/") ? String(text.dropLast()) : text
  }
}
