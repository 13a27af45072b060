/// How the ensemble did on the past, from several origins.
package struct BacktestFigures: Sendable {
  package struct Fold: Sendable {
    /// How many values were known.
    package var origin: Int
    package var forecast: [Double]
    package var observed: [Double?]
    package var error: Double
  }

  package var folds: [Fold] = []
  /// Mean absolute error in units of the seasonal naive's one within the sample (Hyndman and Koehler 2006).
  package var mase = 0.0
  package var smape = 0.0
  /// Share of what was observed that lay within each level's interval, in percent; its own fold left out each time.
  package var coverages: [Double] = []
  /// The same as `mase` for repeating the last season.
  package var naiveMase = 0.0

  package init() {}
}
