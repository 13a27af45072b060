/// What came of one candidate: its forecasts from each origin of the backtest, and from the end.
package struct Trial: Sendable {
  package let candidate: Candidate
  package let label: String
  /// In the scale of the series; one row an origin.
  package let folds: [[Double]]
  package let forecast: [Double]
  /// The model's own standard deviations, in its scale.
  package let deviations: [Double]
  /// Each fold's mean absolute error; NaN where nothing was observed.
  let errors: [Double]

  /// The median of these folds' errors: one fold in which all went wrong decides nothing.
  func error(_ folds: [Int]) -> Double {
    let known = folds.map { errors[$0] }.filter { !$0.isNaN }
    let used = known.isEmpty ? errors.filter { !$0.isNaN } : known
    return used.isEmpty ? .infinity : Statistics.median(used)
  }
}
