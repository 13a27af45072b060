/// What the query of a CSV says; JSON has all of it in its body.
package enum CSVOption: String, CaseIterable {
  case value, time, frequency, effort, horizon, horizons, seasonality, levels, limit, direction, min, max
  case explain, timing, threshold

  package static let ofForecasts = allCases.filter { $0 != .threshold }
  package static let ofBacktests: [CSVOption] = [
    .value, .time, .frequency, .effort, .horizon, .horizons, .seasonality, .levels,
  ]
  package static let ofAnomalies: [CSVOption] = [.value, .time, .frequency, .seasonality, .threshold]

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
