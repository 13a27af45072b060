/// The trials that forecast together, each by how well it did in the backtest.
package struct Ensemble: Sendable {
  package let members: [(trial: Trial, weight: Double)]
  /// What would have been forecast from each origin, with weights that know nothing of what came then.
  package let folds: [[Double]]
  /// The weighted mean from the end.
  package let forecast: [Double]

  /// Who errs so much more than the best is left out.
  private static let reach = 1.3

  package init?(_ trials: [Trial], _ plan: BacktestPlan) {
    guard let first = trials.first else { return nil }
    let members = Self.weighted(trials, by: plan.recent).sorted { $0.weight > $1.weight }
    self.members = members
    folds = first.folds.indices.map { index in
      // An ensemble that was chosen by a fold does better on it than on what comes: intervals would be too narrow.
      let others = plan.apart(from: index)
      let chosen = others.count < 2 ? members : Self.weighted(trials, by: others)
      return Self.combine(chosen, first.folds[index].count) { $0.folds[index] }
    }
    forecast = Self.combine(members, first.forecast.count, \.forecast)
  }

  /// Inverse squared errors as weights; equal ones if there was no backtest.
  private static func weighted(_ trials: [Trial], by folds: [Int]) -> [(trial: Trial, weight: Double)] {
    let errors = trials.map { $0.error(folds) }
    let best = errors.min() ?? .infinity
    let near = zip(trials, errors).filter { !best.isFinite || $0.1 <= best * reach }
    let raw = near.map { _, error -> Double in
      guard best.isFinite else { return 1 }
      let share = error > 0 ? best / error : 1
      return share * share
    }
    let total = raw.reduce(0, +)
    return zip(near, raw).map { (trial: $0.0, weight: $1 / total) }
  }

  private static func combine(_ members: [(trial: Trial, weight: Double)], _ count: Int, _ values: (Trial) -> [Double])
    -> [Double]
  {
    var sum = Array(repeating: 0.0, count: count)
    for (trial, weight) in members {
      for (index, value) in values(trial).enumerated() { sum[index] += weight * value }
    }
    return sum
  }
}
