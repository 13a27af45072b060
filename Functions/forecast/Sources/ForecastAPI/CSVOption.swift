import Apus

/// What the query of a CSV says; JSON has all of it in its body.
package enum CSVOption: String, CaseIterable {
  case value, time, frequency, effort, horizon, horizons, seasonality, levels, limit, direction, min, max
  case explain, timing, threshold

  package static let ofForecasts = allCases.filter { $0 != .threshold }
  package static let ofBacktests: [CSVOption] = [
    .value, .time, .frequency, .effort, .horizon, .horizons, .seasonality, .levels,
  ]
  package static let ofAnomalies: [CSVOption] = [.value, .time, .frequency, .seasonality, .threshold]

  /// Of a name as it stands in a query.
  init?(encoded name: String) {
    let request = Request(query: name)
    guard let option = Self.allCases.first(where: { request.queryValue($0.rawValue) != nil }) else { return nil }
    self = option
  }

  /// The member of a JSON request that says the same.
  var member: String {
    switch self {
    case .value: "series"
    case .time: "timestamps"
    case .limit, .direction: "capacity.\(rawValue)"
    case .min, .max: "bounds.\(rawValue)"
    default: rawValue
    }
  }
}
