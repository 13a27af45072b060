/// Runs candidates from several points of the past, and from the end.
package struct Backtest {
  package let plan: BacktestPlan
  private let series: CleanSeries
  private let regressors: [[Double]]
  private let horizon: Int
  /// Samples by transform: one an origin, and the whole at the end.
  private var samples: [(transform: Transform, samples: [Sample])] = []

  package init(_ series: CleanSeries, plan: BacktestPlan, horizon: Int, regressors: [[Double]]) {
    self.series = series
    self.plan = plan
    self.horizon = horizon
    self.regressors = regressors
  }

  private mutating func samples(_ transform: Transform, _ work: inout Work) -> [Sample] {
    if let made = samples.first(where: { $0.transform == transform }) { return made.samples }
    let values = series.values.map(transform.apply)
    let whole = Sample(values, seasons: plan.seasons, regressors: regressors)
    let made = (plan.origins + [values.count]).map { count -> Sample in
      var sample = whole.first(count)
      sample.decompose(plan.decomposable, &work)
      return sample
    }
    samples.append((transform, made))
    return made
  }

  /// Nil if the candidate can't forecast from one of the origins.
  package mutating func run(_ candidate: Candidate, _ work: inout Work) -> Trial? {
    let samples = samples(candidate.transform, &work)
    guard let whole = samples.last else { return nil }
    guard let fitted = candidate.model.fit(whole, like: nil, &work),
      let ahead = forecast(fitted, horizon, candidate.transform)
    else { return nil }
    var folds: [[Double]] = []
    // What is slow learns anew at the first origin and keeps that; never may it keep what later values taught.
    var relative: (any FittedModel)? = candidate.model.isSlow ? nil : fitted
    for sample in samples.dropLast() {
      guard let fitted = candidate.model.fit(sample, like: relative, &work),
        let fold = forecast(fitted, plan.horizon, candidate.transform)
      else { return nil }
      if candidate.model.isSlow, relative == nil { relative = fitted }
      folds.append(fold)
    }
    let deviations = fitted.deviations(horizon)
    return Trial(
      candidate: candidate, label: fitted.label, folds: folds, forecast: ahead, deviations: deviations,
      error: error(folds))
  }

  private func forecast(_ fitted: any FittedModel, _ horizon: Int, _ transform: Transform) -> [Double]? {
    let values = fitted.forecast(horizon).map(transform.invert)
    // Values are scaled to about 1.
    return values.allSatisfy { $0.isFinite && abs($0) < 1e9 } ? values : nil
  }

  /// The mean absolute error against cleaned values: an outlier in the test says nothing about a model.
  package func error(_ folds: [[Double]]) -> Double {
    var sum = 0.0
    var count = 0
    for (origin, fold) in zip(plan.origins, folds) {
      for (step, value) in fold.enumerated() where !series.observed[origin + step].isNaN {
        sum += abs(series.values[origin + step] - value)
        count += 1
      }
    }
    return count > 0 ? sum / Double(count) : .infinity
  }
}
