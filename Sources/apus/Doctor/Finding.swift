import ApusJSON

/// One thing that `apus doctor` looked at.
struct Finding {
  enum State: String {
    case ok
    /// Apus works, with less than there could be.
    case warning
    /// Something does not work.
    case wrong
  }

  let subject: String
  let state: State
  let text: String
  /// What to do; empty where there is nothing.
  let advice: String

  static func ok(_ subject: String, _ text: String) -> Finding {
    Finding(subject: subject, state: .ok, text: text, advice: "")
  }

  static func warning(_ subject: String, _ text: String, _ advice: String) -> Finding {
    Finding(subject: subject, state: .warning, text: text, advice: advice)
  }

  static func wrong(_ subject: String, _ text: String, _ advice: String) -> Finding {
    Finding(subject: subject, state: .wrong, text: text, advice: advice)
  }

  var json: JSON {
    ["subject": .string(subject), "state": .string(state.rawValue), "text": .string(text), "advice": .string(advice)]
  }
}
