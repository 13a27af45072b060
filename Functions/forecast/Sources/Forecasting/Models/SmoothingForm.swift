/// Which components exponential smoothing keeps, and how its errors grow (Hyndman and others 2008).
package struct SmoothingForm: Sendable, Equatable {
  package enum Trend: String, Sendable {
    case none = "N"
    case additive = "A"
    case damped = "Ad"
  }
  package enum Season: String, Sendable {
    case none = "N"
    case additive = "A"
    case multiplicative = "M"
  }
  package var trend: Trend
  package var season: Season
  /// Errors in proportion to the forecast.
  package var isProportional: Bool

  package init(trend: Trend, season: Season = .none, isProportional: Bool = false) {
    self.trend = trend
    self.season = season
    self.isProportional = isProportional
  }

  package var label: String { "ets(\(isProportional ? "M" : "A"),\(trend.rawValue),\(season.rawValue))" }

  /// What is estimated, states included.
  func parameterCount(season length: Int) -> Int {
    2 + (trend == .none ? 0 : 2) + (trend == .damped ? 1 : 0) + (season == .none ? 0 : length)
  }

  /// The forms worth trying on positive values or on any.
  package static func candidates(isSeasonal: Bool, isPositive: Bool) -> [SmoothingForm] {
    let trends: [Trend] = [.none, .damped, .additive]
    var forms = trends.map { SmoothingForm(trend: $0) }
    if isPositive { forms += trends.map { SmoothingForm(trend: $0, isProportional: true) } }
    if isSeasonal {
      forms += trends.map { SmoothingForm(trend: $0, season: .additive) }
      if isPositive { forms += trends.map { SmoothingForm(trend: $0, season: .multiplicative, isProportional: true) } }
    }
    return forms
  }
}
