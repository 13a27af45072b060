import ApusModel

/// Reads settings out of an environment; what is empty counts as not set.
struct SettingText {
  private let environment: [String: String]
  private var known: [String] = []

  init(_ environment: [String: String]) {
    self.environment = environment
  }

  static let duration = "a Go duration like 15m, above 0"
  static let yesOrNo = "true or false"
  static let positive = "a whole number above 0"

  mutating func read<Value>(
    _ name: String, _ form: String, _ target: inout Value, _ parse: (String) -> Value?
  ) throws(AccountError) {
    known.append(name)
    guard let text = environment[name], !text.isEmpty else { return }
    guard let value = parse(text) else {
      throw AccountError(.settings, "the setting \(name) is not \(form)", advice: "Correct it in stack.yml")
    }
    target = value
  }

  /// Refuses a name that is a slip of a finger away from one that was read.
  func demandNoSlip() throws(AccountError) {
    let strangers = environment.keys.filter { !known.contains($0) }.sorted()
    for stranger in strangers {
      guard let meant = known.first(where: { Self.isSlip(stranger, of: $0) }) else { continue }
      throw AccountError(
        .settings, "the setting \(stranger) is not known, so that \(meant) would keep what it has without a word",
        advice: "Write \(meant) in stack.yml, or name the variable otherwise if it is meant for something else")
    }
  }

  /// Few enough slips to leave no doubt: short words resemble each other too much.
  private static func isSlip(_ stranger: String, of name: String) -> Bool {
    let slips = name.utf8.count < 13 ? 1 : 2
    // A start has no time to compare each with each.
    guard abs(stranger.utf8.count - name.utf8.count) <= slips else { return false }
    return Suggestion.editDistance(Array(stranger.lowercased()), Array(name)) <= slips
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
