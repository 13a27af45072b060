import Forecasting

/// What one call may ask for.
enum ForecastLimits {
  /// JSON is held whole while it is read. What is longer comes as CSV, which is read line by line.
  static let jsonBytes = 16 << 20
  /// Of a longer CSV the last ones are kept; no model looks back farther.
  static let csvValues = 20_000
  /// Bytes of a timestamp in a CSV: room for every way to write one.
  static let timestamp = 64
  /// Of a longer series the end is looked at for anomalies.
  static let scannedValues = 20_000
  /// A year of seconds in lines of 100 bytes would be twice that: whoever sends it meant something else.
  static let csvBytes = 256 << 20
  static let csvLineBytes = 65_536
  static let values = 1_000_000
  /// Values and members read between two looks at the clock: some milliseconds' worth.
  static let thingsBetweenLooks = 10_000
  /// Ten years and more of days; beyond, no interval means anything.
  static let horizon = 4_000
  static let horizons = 10
  static let levels = 6
  static let seasons = 6
  static let causes = 2_000
  /// Steps on which holidays and events act, each cause's counted: each is looked at for every point of the past.
  static let causedSteps = 1_000_000
  static let set = 100
  /// What a series of a set needs at least: to be read, and for the simplest models.
  static let memberTime = Duration.milliseconds(20)
  /// Squares of larger ones leave what a Double holds.
  static let magnitude = 1e100
  /// Fewer say nothing about how values differ.
  static let least = 4
  /// How long a list of a request may be, by its name.
  static func most(in list: String) -> Int {
    switch list {
    case "horizons": horizons
    case "levels": levels
    case "seasonality": seasons
    case "holidays", "events": causes
    // Of an earlier answer, and what was observed since.
    case "forecast", "observed": horizon
    default: values
    }
  }

  /// How long the clock lets each effort work, in seconds; the usual ones end by themselves long before.
  static func seconds(_ effort: Effort) -> Double {
    switch effort {
    case .quick: 1
    case .normal: 3
    case .thorough: 12
    }
  }
}
