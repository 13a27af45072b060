import ApusModel

/// Reads the settings that a deployment carries as texts in one of its maps.
///
/// Whatever cannot be read is a problem with its path, and counts as not set.
struct SettingReader {
  private let settings: [String: String]
  private let path: FieldPath
  /// What a text without sense is: in envVars the function reads them too, and goes on with its own default.
  private let severity: DeploymentProblem.Severity

  init(_ settings: [String: String], at path: FieldPath, severity: DeploymentProblem.Severity = .error) {
    self.settings = settings
    self.path = path
    self.severity = severity
  }

  func path(_ key: String) -> FieldPath { path.key(key) }

  func text(_ key: String) -> String? { settings[key] }

  /// A Go duration above zero.
  func duration(_ key: String, _ problems: inout [DeploymentProblem]) -> Duration? {
    duration(key, &problems) { text throws(GoDurationError) in try GoDuration.parse(text) }
  }

  /// A Go duration or a whole number of seconds, above zero.
  func seconds(_ key: String, _ problems: inout [DeploymentProblem]) -> Duration? {
    duration(key, &problems) { text throws(GoDurationError) in try GoDuration.parse(environment: text) }
  }

  private func duration(
    _ key: String, _ problems: inout [DeploymentProblem],
    parse: (String) throws(GoDurationError) -> Duration
  ) -> Duration? {
    guard let text = settings[key] else { return nil }
    do throws(GoDurationError) {
      let duration = try parse(text)
      if duration > .zero { return duration }
      report(key, "\(QuotedText(text)) leaves no time at all; write a duration above zero, such as 30s", &problems)
    } catch {
      report(key, error.description, &problems)
    }
    return nil
  }

  func count(_ key: String, in range: ClosedRange<Int>, _ problems: inout [DeploymentProblem]) -> Int? {
    guard let text = settings[key] else { return nil }
    if let count = Int(text), range.contains(count) { return count }
    let what = Int(text) == nil ? "is not a whole number" : "is out of range"
    report(
      key, "\(QuotedText(text)) \(what); write one from \(range.lowerBound) to \(range.upperBound)", &problems)
    return nil
  }

  /// A decimal number above zero, and at most `limit`.
  func number(_ key: String, upTo limit: Double, _ problems: inout [DeploymentProblem]) -> Double? {
    guard let text = settings[key] else { return nil }
    // Double's own grammar has infinities and hexadecimal digits, which nobody means here.
    let isDecimal = text.utf8.allSatisfy { ($0 >= 0x30 && $0 <= 0x39) || $0 == UInt8(ascii: ".") }
    if isDecimal, let number = Double(text), number > 0, number <= limit { return number }
    let bound = limit == limit.rounded() ? "\(Int(limit))" : "\(limit)"
    report(key, "\(QuotedText(text)) is not a number above 0 and up to \(bound); write one, such as 0.9", &problems)
    return nil
  }

  func flag(_ key: String, _ problems: inout [DeploymentProblem]) -> Bool? {
    choice(key, [("true", true), ("false", false), ("1", true), ("0", false)], shown: 2, &problems)
  }

  /// The value of one of the words; the first `shown` are those that a message names.
  func choice<Value>(
    _ key: String, _ words: [(word: String, value: Value)], shown: Int? = nil, _ problems: inout [DeploymentProblem]
  ) -> Value? {
    guard let text = settings[key] else { return nil }
    if let found = words.first(where: { $0.word == text }) { return found.value }
    let named = words.prefix(shown ?? words.count).map(\.word)
    let list = named.dropLast().joined(separator: ", ") + " or " + (named.last ?? "")
    let nearest = Suggestion.nearest(to: text, among: named)
    let advice = nearest.map { "did you mean \($0)?" } ?? "it is one of \(list)"
    report(key, "\(QuotedText(text)) is not known here; \(advice)", &problems)
    return nil
  }

  func report(_ key: String, _ text: String, _ problems: inout [DeploymentProblem]) {
    problems.append(DeploymentProblem(severity, path(key), text))
  }
}
