import ApusJSON
import ApusModel

/// A function after its deployment, as `up` and `deploy` print it.
struct FunctionState {
  let name: FunctionName
  let url: String
  let report: FunctionReport

  static func table(_ states: [FunctionState]) -> [String] {
    var table = TextTable(["function", "url", "state"])
    for state in states { table.add(["\(state.name)", state.url, state.report.state.rawValue]) }
    return table.lines + states.compactMap(\.report.complaint)
  }

  static func json(_ states: [FunctionState]) -> JSON {
    .array(
      states.map { state in
        [
          "name": .string(state.name.name), "namespace": .string(state.name.namespace), "url": .string(state.url),
          "state": .string(state.report.state.rawValue), "reason": state.report.reason.map { .string($0) } ?? .null,
        ]
      })
  }
}
