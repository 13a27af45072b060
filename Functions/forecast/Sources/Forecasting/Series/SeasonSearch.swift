/// Finds a season in values whose steps say nothing about time.
package enum SeasonSearch {
  /// The lag at which the changes repeat themselves most, if they clearly do.
  package static func season(_ values: [Double]) -> Int? {
    guard values.count >= 24 else { return nil }
    let recent = Array(values.suffix(4_000))
    let changes = zip(recent.dropFirst(), recent).map { $0 - $1 }
    let lags = min(changes.count / 3, 400)
    let correlations = Statistics.autocorrelations(changes, lags: lags + 1)
    var best: (lag: Int, value: Double)?
    for lag in 3..<max(lags, 3) {
      let value = correlations[lag - 1]
      guard value > 0.4, value >= correlations[lag - 2], value >= correlations[lag] else { continue }
      // A multiple of a season correlates about as well: the shorter one is meant.
      if value > (best?.value ?? 0) * 1.05 { best = (lag, value) }
    }
    return best?.lag
  }
}
