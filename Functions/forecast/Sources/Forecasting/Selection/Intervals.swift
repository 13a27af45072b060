import Glibc

/// How far off the forecast may be: calibrated on what the backtest missed by (a split conformal method), in the scale
/// in which errors are even.
package struct Intervals: Sendable {
  private let transform: Transform
  /// What an error of 1 is at each step; it never shrinks.
  package let scales: [Double]
  /// Absolute errors of the backtest in units of their step's scale, ascending, and the fold that each is of.
  private let errors: [(fold: Int, value: Double)]
  /// Degrees of freedom of what the errors were learnt from.
  private let freedom: Double
  /// That of the 80 % level, by which probabilities are told: looking it up passes over all errors.
  private var usualReach = 0.0

  /// A prior's weight in folds that do not overlap: what the models say about themselves.
  private static let prior = 2.0
  /// Folds that overlap are worth a little more than their number without overlap says. Measured over many series.
  private static let caution = 0.92

  package init(_ ensemble: Ensemble, _ plan: BacktestPlan, observed: [Double], transform: Transform) {
    self.transform = transform
    freedom = plan.independentFolds + 3
    let own = Self.deviations(ensemble, transform)
    let misses = zip(plan.origins, ensemble.folds).map { origin, fold in
      fold.enumerated().map { step, value in
        let truth = observed[origin + step]
        return truth.isNaN ? Double.nan : transform.apply(truth) - transform.apply(value)
      }
    }
    var scales = own
    if let seen = Self.smoothed(misses, plan.horizon) {
      let folds = plan.independentFolds
      for step in scales.indices {
        let empirical = Self.extended(seen, own, step)
        let variance = folds * empirical * empirical + Self.prior * own[step] * own[step]
        scales[step] = (variance / (folds + Self.prior)).squareRoot()
      }
    }
    for step in scales.indices.dropFirst() { scales[step] = max(scales[step], scales[step - 1]) }
    self.scales = scales
    var errors: [(fold: Int, value: Double)] = []
    for (fold, row) in misses.enumerated() {
      for (step, miss) in row.enumerated() where !miss.isNaN && step < scales.count && scales[step] > 0 {
        errors.append((fold, abs(miss) / scales[step]))
      }
    }
    self.errors = errors.sorted { $0.value < $1.value }
    usualReach = reach(0.8)
  }

  /// The members' own deviations, weighted, in the scale of `transform`.
  private static func deviations(_ ensemble: Ensemble, _ transform: Transform) -> [Double] {
    var sum = Array(repeating: 0.0, count: ensemble.forecast.count)
    for (trial, weight) in ensemble.members {
      let other = trial.candidate.transform
      for step in sum.indices {
        var deviation = min(trial.deviations[step], 1e6)
        if other != transform {
          // The slopes of the two scales, where the forecasts are.
          deviation *= pow(max(ensemble.forecast[step], 1e-6), transform.power - 1)
          deviation /= pow(max(trial.forecast[step], 1e-6), other.power - 1)
        }
        sum[step] += weight * deviation
      }
    }
    return sum.map { $0.isFinite ? max($0, 1e-12) : 1e-12 }
  }

  /// Root mean squares over the folds, smoothed over neighbouring steps and made to never shrink.
  private static func smoothed(_ misses: [[Double]], _ horizon: Int) -> [Double]? {
    let steps = (0..<horizon).map { step -> Double in
      let known = misses.compactMap { step < $0.count && !$0[step].isNaN ? $0[step] : nil }
      return known.isEmpty ? .nan : Statistics.rootMeanSquare(known)
    }
    let known = steps.filter { !$0.isNaN }
    guard !known.isEmpty else { return nil }
    let mean = Statistics.mean(known)
    let filled = steps.map { $0.isNaN ? mean : $0 }
    let smooth = filled.indices.map { step -> Double in
      let half = max(1, step / 3)
      return Statistics.rootMeanSquare(filled[max(0, step - half)...min(filled.count - 1, step + half)])
    }
    return monotone(smooth)
  }

  /// The nearest values that never shrink (pool adjacent violators).
  static func monotone(_ values: [Double]) -> [Double] {
    var pools: [(mean: Double, count: Int)] = []
    for value in values {
      var pool = (mean: value, count: 1)
      while let last = pools.last, last.mean > pool.mean {
        let count = last.count + pool.count
        pool = ((last.mean * Double(last.count) + pool.mean * Double(pool.count)) / Double(count), count)
        pools.removeLast()
      }
      pools.append(pool)
    }
    return pools.flatMap { Array(repeating: $0.mean, count: $0.count) }
  }

  /// Beyond the steps of the backtest it grows as the models say, but not faster than a random walk's.
  private static func extended(_ seen: [Double], _ own: [Double], _ step: Int) -> Double {
    guard step >= seen.count, let last = seen.last else { return seen[min(step, seen.count - 1)] }
    let growth = own[step] / own[seen.count - 1]
    return last * min(max(growth, 1), (Double(step + 1) / Double(seen.count)).squareRoot())
  }

  /// How many scales an interval of this level reaches to each side; with one fold left out, for checking on it.
  package func reach(_ level: Double, without fold: Int? = nil) -> Double {
    let normal = Statistics.normalQuantile(0.5 + level / 2)
    // Few folds know little of rare errors: the fewer they are and the farther out, the more is added.
    let caution = Self.caution * Statistics.studentQuantile(0.5 + level / 2, freedom: freedom) / normal
    let known = errors.filter { $0.fold != fold }.map(\.value)
    guard known.count >= 5 else { return caution * normal * 1.15 }
    // Beyond what was seen the tail goes on as a normal one does.
    let seen = min(level, 0.95)
    let quantile = Statistics.quantile(sorted: known, seen)
    return caution * max(quantile * normal / Statistics.normalQuantile(0.5 + seen / 2), 0.3 * normal)
  }

  /// The two ends of an interval around `mean`.
  package func ends(_ mean: Double, step: Int, reach: Double) -> (low: Double, high: Double) {
    let centre = transform.apply(mean)
    let width = reach * scales[step]
    return (min(transform.invert(centre - width), mean), max(transform.invert(centre + width), mean))
  }

  /// The probability that the value at `step` is above `limit`.
  package func probability(above limit: Double, mean: Double, step: Int) -> Double {
    // The spread that the 80 % interval stands for.
    let spread = scales[step] * usualReach / 1.2816
    let distance = transform.apply(limit) - transform.apply(mean)
    return spread > 0 ? 1 - Statistics.normal(below: distance / spread) : (distance < 0 ? 1 : 0)
  }
}
