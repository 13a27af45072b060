/// What came of one candidate: its forecasts from each origin of the backtest, and from the end.
package struct Trial: Sendable {
  package let candidate: Candidate
  package let label: String
  /// In the scale of the series; one row an origin.
  package let folds: [[Double]]
  package let forecast: [Double]
  /// The model's own standard deviations, in its scale.
  package let deviations: [Double]
  /// Mean absolute error over the folds.
  package var error: Double
}
