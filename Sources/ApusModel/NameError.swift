/// Why a text is not a name that we accept.
package struct NameError: Error, Equatable, Sendable {
  package enum Reason: Equatable, Sendable {
    case empty
    case tooLong(limit: Int)
    /// The first character that may not stand where it does; `position` counts from 1.
    case misplaced(character: Character, position: Int)
  }

  /// What was to be named: "function name", "namespace", "secret name".
  package let subject: String
  package let text: String
  package let reason: Reason
  /// The rule, as advice.
  package let rule: String

  init(_ subject: String, _ text: String, _ reason: Reason, rule: String) {
    self.subject = subject
    self.text = text
    self.reason = reason
    self.rule = rule
  }
}

extension NameError: CustomStringConvertible {
  package var description: String {
    switch reason {
    case .empty:
      "the \(subject) is empty; \(rule)"
    case .tooLong(let limit):
      "the \(subject) \(QuotedText(text)) has \(text.utf8.count) bytes, \(limit) are allowed; choose a shorter one"
    case .misplaced(let character, let position):
      "the \(subject) \(QuotedText(text)) cannot have \(QuotedText(String(character))) at position \(position); \(rule)"
    }
  }
}
