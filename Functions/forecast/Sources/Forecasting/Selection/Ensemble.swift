/// The trials that forecast together, each by how well it did in the backtest.
package struct Ensemble: Sendable {
  package let members: [(trial: Trial, weight: Double)]
  /// What known causes and seasons make of it: the weighted mean, from each origin and from the end.
  package let folds: [[Double]]
  package let forecast: [Double]

  /// Who errs so much more than the best is left out.
  private static let reach = 1.3

  /// Inverse squared errors as weights; equal ones if there was no backtest.
  package init?(_ trials: [Trial]) {
    guard let best = trials.map(\.error).min(), let first = trials.first else { return nil }
    let near = trials.filter { !best.isFinite || $0.error <= best * Self.reach }
    let raw = near.map { trial -> Double in
      guard best.isFinite else { return 1 }
      let share = trial.error > 0 ? best / trial.error : 1
      return share * share
    }
    let total = raw.reduce(0, +)
    let members = zip(near, raw).map { (trial: $0, weight: $1 / total) }.sorted { $0.weight > $1.weight }
    self.members = members
    func combine(_ count: Int, _ values: (Trial) -> [Double]) -> [Double] {
      var sum = Array(repeating: 0.0, count: count)
      for (trial, weight) in members {
        for (index, value) in values(trial).enumerated() { sum[index] += weight * value }
      }
      return sum
    }
    folds = first.folds.indices.map { index in combine(first.folds[index].count) { $0.folds[index] } }
    forecast = combine(first.forecast.count, \.forecast)
  }
}
