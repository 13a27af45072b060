import ApusJSON
import ApusModel

/// A function after its deployment, as `up` and `deploy` print it.
struct FunctionState {
  let name: FunctionName
  let url: String
  var outcome: Outcome = .notDeployed("")

  enum Outcome {
    case deployed(FunctionReport)
    /// These credentials may deploy, and not look.
    case unseen
    /// Why; the version before serves.
    case notUpdated(String)
    case notDeployed(String)
  }

  private var word: String {
    switch outcome {
    case .deployed(let report): report.state.rawValue
    case .unseen: "deployed"
    case .notUpdated: "not updated"
    case .notDeployed: "not deployed"
    }
  }

  private var reason: String? {
    switch outcome {
    case .deployed(let report): report.reason
    case .unseen: nil
    case .notUpdated(let reason), .notDeployed(let reason): reason
    }
  }

  /// It was taken, and shows already that it does not start.
  var isFailing: Bool {
    if case .deployed(let report) = outcome { report.hasFailed } else { false }
  }

  /// What a table has no room for; the reasons of what was not deployed have been said by then.
  private var complaint: String? {
    if case .deployed(let report) = outcome { report.complaint } else { nil }
  }

  static func table(_ states: [FunctionState]) -> [String] {
    var table = TextTable(["function", "url", "state"])
    for state in states { table.add(["\(state.name)", state.url, state.word]) }
    return table.lines + states.compactMap(\.complaint)
  }

  static func json(_ states: [FunctionState]) -> JSON {
    .array(
      states.map { state in
        [
          "name": .string(state.name.name), "namespace": .string(state.name.namespace), "url": .string(state.url),
          "state": .string(state.word), "reason": state.reason.map { .string($0) } ?? .null,
        ]
      })
  }
}
