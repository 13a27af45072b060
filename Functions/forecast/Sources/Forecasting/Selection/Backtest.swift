/// Runs candidates from several points of the past, and from the end.
package struct Backtest {
  package let plan: BacktestPlan
  private let series: CleanSeries
  private let horizon: Int
  private var views: [View] = []
  /// What is known of causes at each step; worked out for the first model that asks.
  private var columns: [[Double]]?
  private let isCaused: [Bool]

  /// The series as candidates with one transform see it.
  private struct View {
    let transform: Transform
    /// One an origin, and the whole at the end.
    var samples: [Sample]
    /// How many of them are taken apart into trend and seasons: that is dear, and not all models need it.
    var decomposed = 0
    /// Whether they have the causes' columns, which few models ask for.
    var hasColumns = false
    /// What known causes add to each step, as it was known at each of these points.
    let effects: [[Double]]
  }

  package init(_ series: CleanSeries, plan: BacktestPlan, horizon: Int) {
    self.series = series
    self.plan = plan
    self.horizon = horizon
    var isCaused = Array(repeating: false, count: series.values.count)
    for step in series.causes.all where step < isCaused.count { isCaused[step] = true }
    self.isCaused = isCaused
  }

  private mutating func view(_ transform: Transform) -> Int {
    if let made = views.firstIndex(where: { $0.transform == transform }) { return made }
    let values = series.values.map(transform.apply)
    let differences = series.differences(transform)
    var caused = values
    for step in series.causes.all where step < values.count { caused[step] += differences[step] ?? 0 }
    let length = values.count + horizon
    let whole = Sample(values, seasons: plan.seasons, caused: caused)
    let counts = plan.origins + [values.count]
    let samples = counts.map(whole.first)
    let effects =
      differences.allSatisfy { $0 == nil }
      ? [] : counts.map { series.causes.effects(differences, before: $0, count: length) }
    views.append(View(transform: transform, samples: samples, effects: effects))
    return views.count - 1
  }

  /// What a candidate's model looks at beside the values, which is dear, is worked out when the first one asks.
  private mutating func prepare(
    _ place: Int, for model: any Model, _ work: inout Work
  ) throws(TimeIsUp) {
    while model.usesParts, views[place].decomposed < views[place].samples.count {
      try views[place].samples[views[place].decomposed].decompose(plan.decomposable, &work)
      views[place].decomposed += 1
    }
    guard model.knowsCauses, !views[place].hasColumns else { return }
    let made = columns
    let columns =
      if let made { made } else { try series.causes.columns(series.values.count + horizon, &work.deadline) }
    self.columns = columns
    for index in views[place].samples.indices { views[place].samples[index].regressors = columns }
    views[place].hasColumns = true
  }

  /// Nil if the candidate can't forecast from one of the origins.
  package mutating func run(_ candidate: Candidate, _ work: inout Work) throws(TimeIsUp) -> Trial? {
    let place = view(candidate.transform)
    try prepare(place, for: candidate.model, &work)
    let view = views[place]
    guard let whole = view.samples.last, let fitted = try candidate.model.fit(whole, like: nil, &work),
      let ahead = forecast(fitted, horizon, candidate, view, view.samples.count - 1)
    else { return nil }
    var folds: [[Double]] = []
    // What is slow learns anew at the first origin and keeps that; never may it keep what later values taught.
    var relative: (any FittedModel)? = candidate.model.isSlow ? nil : fitted
    for (index, sample) in view.samples.dropLast().enumerated() {
      if !candidate.model.isInstant { try work.deadline.check() }
      guard let fitted = try candidate.model.fit(sample, like: relative, &work),
        let fold = forecast(fitted, plan.horizon, candidate, view, index)
      else { return nil }
      if candidate.model.isSlow, relative == nil { relative = fitted }
      folds.append(fold)
    }
    return Trial(
      candidate: candidate, label: fitted.label, folds: folds, forecast: ahead,
      deviations: fitted.deviations(horizon), errors: errors(folds))
  }

  private func forecast(
    _ fitted: any FittedModel, _ horizon: Int, _ candidate: Candidate, _ view: View, _ index: Int
  ) -> [Double]? {
    var values = fitted.forecast(horizon)
    if !candidate.model.knowsCauses, !view.effects.isEmpty {
      let start = view.samples[index].count
      for step in values.indices { values[step] += view.effects[index][start + step] }
    }
    values = values.map(candidate.transform.invert)
    // Values are scaled to about 1.
    return values.allSatisfy { $0.isFinite && abs($0) < 1e9 } ? values : nil
  }

  /// The mean absolute error of each fold; NaN where nothing was observed.
  private func errors(_ folds: [[Double]]) -> [Double] {
    // At known causes what was observed counts, otherwise what was cleaned: an outlier says nothing about a model.
    zip(plan.origins, folds).map { origin, fold in
      var sum = 0.0
      var count = 0
      for (step, value) in fold.enumerated() where !series.observed[origin + step].isNaN {
        let truth = isCaused[origin + step] ? series.observed[origin + step] : series.values[origin + step]
        sum += abs(truth - value)
        count += 1
      }
      return count > 0 ? sum / Double(count) : .nan
    }
  }
}
