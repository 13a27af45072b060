/// A forecast with what it is worth.
package struct Outcome: Sendable {
  package struct Step: Sendable, Equatable {
    package var mean: Double
    /// One interval a level, in the order of the question's levels.
    package var intervals: [Interval]
  }

  package struct Interval: Sendable, Equatable {
    package var low: Double
    package var high: Double
  }

  package struct Member: Sendable {
    package var model: String
    package var weight: Double
    package var label: String
    package var error: Double
  }

  package var steps: [Step] = []
  package var members: [Member] = []
  package var transform = "none"
  /// Nil where the series is too short to forecast a part of it from the rest.
  package var backtest: BacktestFigures?
  package var saturation: Saturation?
  /// The same under the question's change.
  package var changed: (steps: [Step], saturation: Saturation?)?
  /// Values at the beginning that were not used; indices below count from the first that was.
  package var skipped = 0
  package var missing: [Int] = []
  package var outliers: [CleanSeries.Outlier] = []
  package var shifts: [CleanSeries.LevelShift] = []
  package var warnings: [String] = []
  /// The clock ended the work: cleaning was cut short, or models were.
  package var isDegraded = false
  /// The models that were not tried, or not to the end.
  package var dropped: [String] = []
  package var work = 0
  /// Standard deviation of the error of the first step.
  package var deviation = 0.0

  package init() {}
}
