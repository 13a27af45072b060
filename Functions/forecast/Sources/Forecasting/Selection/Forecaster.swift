import Glibc

/// Forecasts a series: cleans it, tries candidates on its past, lets the good ones forecast together, and says how far
/// off they may be.
///
/// Equal questions give equal outcomes: work is counted, not timed. Only when time is up, cleaning ends where it is and
/// candidates are dropped, all but those that cost next to nothing; the outcome says so.
package struct Forecaster {
  private let question: Question
  private let allowance: Int
  /// The share of the time that is spent; from 1 on it is up.
  private let timeSpent: () -> Double
  /// Values are divided by it, so that no arithmetic leaves the finite.
  private let scale: Double
  /// Steps between the last known value and the forecast: they are forecast, too, and not answered.
  private let gap: Int

  /// A series is longer than this only to its older part's loss: that is left out.
  package static let historyLimit = 6_000

  /// Of the time, what cleaning may take: a forecast by more than the simplest models is worth as much as clean values.
  private static let cleaningShare = 0.5
  /// Of the time, that up to which no model is cut: what would fit is not worse off for dear ones, and the rest is
  /// enough for the cheap ones that come after those.
  private static let modelShare = 0.7

  /// `allowance` is what may be worked, if not what the effort allows.
  package init(_ question: Question, allowance: Int? = nil, timeSpent: @escaping () -> Double = { 0 }) {
    self.allowance = allowance ?? question.effort.allowance
    gap = question.values.reversed().prefix { $0 == nil }.count
    self.question = question
    self.timeSpent = timeSpent
    let known = question.values.compactMap { $0.map(abs) }
    let greatest = known.max() ?? 0
    let mean = greatest > 0 ? greatest * Statistics.mean(known.map { $0 / greatest }) : 0
    scale = mean > 1e-300 ? mean : 1
  }

  package func run() -> Outcome {
    var outcome = Outcome()
    var question = question
    question.values.removeLast(gap)
    question.horizon += gap
    if gap > 0 {
      outcome.warnings.append(
        "The last \(gap) steps before the forecast are missing: it begins at the last known value and crosses them.")
    }
    shorten(&question, &outcome)
    let series = clean(question, &outcome)
    outcome.missing = series.missing + (0..<gap).map { series.values.count + $0 }
    outcome.outliers = series.outliers.map {
      CleanSeries.Outlier(index: $0.index, value: $0.value * scale, replacement: $0.replacement * scale)
    }
    outcome.shifts = series.shifts.map { CleanSeries.LevelShift(index: $0.index, change: $0.change * scale) }
    if let first = series.values.first, series.values.allSatisfy({ $0 == first }) {
      constant(first * scale, &outcome)
      return outcome
    }
    forecast(series, question, &outcome)
    return outcome
  }

  private func clean(_ question: Question, _ outcome: inout Outcome) -> CleanSeries {
    var deadline = Deadline(at: Self.cleaningShare, timeSpent)
    let series = CleanSeries(
      question.values.map { $0.map { $0 / scale } }, seasons: question.seasons, causes: question.causes, &deadline)
    guard let stage = series.unfinished else { return series }
    outcome.isDegraded = true
    let left =
      switch stage {
      case .gaps where !series.missing.isEmpty:
        "gaps are bridged by straight lines, outliers and level shifts stay in"
      case .gaps, .outliers: "outliers and level shifts stay in"
      case .levelShifts: "level shifts stay in"
      }
    outcome.warnings.append("There was no time to clean the series: \(left).")
    return series
  }

  private func shorten(_ question: inout Question, _ outcome: inout Outcome) {
    let limit = max(Self.historyLimit, 3 * (question.seasons.max() ?? 1))
    let extra = question.values.count - min(limit, 20_000)
    guard extra > 0 else { return }
    question.values.removeFirst(extra)
    outcome.skipped = extra
    question.causes = question.causes.dropping(extra)
    outcome.warnings.append("Only the last \(question.values.count) values are used: the \(extra) before are too many.")
  }

  private func constant(_ value: Double, _ outcome: inout Outcome) {
    let limits = limits([value / scale])
    let value = Self.within(limits, value)
    let interval = Outcome.Interval(low: value, high: value)
    let step = Outcome.Step(mean: value, intervals: question.levels.map { _ in interval })
    outcome.members = [Outcome.Member(model: "constant", weight: 1, label: "constant", error: 0)]
    outcome.warnings.append("All values are equal: the forecast repeats them, and says nothing about a change.")
    let steps = Array(repeating: step, count: gap + question.horizon)
    conclude(steps, limits, &outcome) { limit, mean, _ in mean >= limit ? 1 : 0 }
  }

  /// What the steps after the last known value say about the limit and the change that were asked for.
  private func conclude(
    _ all: [Outcome.Step], _ limits: ClosedRange<Double>, _ outcome: inout Outcome,
    probability: (Double, Double, Int) -> Double
  ) {
    let steps = Array(all.dropFirst(gap))
    outcome.steps = Array(steps.prefix(question.horizon))
    // Nothing lies beyond the bounds, and so no limit is met there.
    func isMet(_ limit: Double, _ chance: Double) -> Double {
      limit > limits.upperBound ? 0 : limit < limits.lowerBound ? 1 : chance
    }
    outcome.saturation = question.capacity.map { capacity in
      Saturation(capacity, steps, horizon: question.horizon) { step, mean in
        isMet(capacity.limit, probability(capacity.limit, mean, gap + step))
      }
    }
    guard let change = question.change else { return }
    func changed(_ value: Double) -> Double { Self.within(limits, value * change.growth + change.step) }
    let after = steps.enumerated().map { index, step -> Outcome.Step in
      guard index >= change.from else { return step }
      return Outcome.Step(
        mean: changed(step.mean),
        intervals: step.intervals.map { Outcome.Interval(low: changed($0.low), high: changed($0.high)) })
    }
    let saturation = question.capacity.map { capacity in
      Saturation(capacity, after, horizon: question.horizon) { step, _ in
        let limit = step >= change.from ? (capacity.limit - change.step) / change.growth : capacity.limit
        return isMet(capacity.limit, probability(limit, steps[step].mean, gap + step))
      }
    }
    outcome.changed = (Array(after.prefix(question.horizon)), saturation)
  }

  private func forecast(_ series: CleanSeries, _ question: Question, _ outcome: inout Outcome) {
    let plan = BacktestPlan(
      count: series.values.count, seasons: series.seasons, horizon: question.horizon, folds: question.effort.folds)
    let transform =
      series.isIntermittent ? .none : Transform.suiting(series.values, season: plan.seasons.first ?? 1)
    // A limit may be met after the horizon: its day is looked for there, too.
    let asked = self.question.horizon
    let reach = gap + (question.capacity == nil ? asked : max(asked, min(4 * asked, 2_000)))
    if !series.causes.isFew(over: series.values.count + reach) {
      outcome.warnings.append(
        "\(series.causes.steps.count) causes are too many for regressions, which take them for one: name them by kind.")
    }
    var backtest = Backtest(series, plan: plan, horizon: reach)
    var work = Work(allowed: allowance)
    let trials = trials(series, plan, transform, &backtest, &work, &outcome)
    guard let ensemble = Ensemble(trials, plan) else {
      return constant(series.values.last.map { $0 * scale } ?? 0, &outcome)
    }
    // Neither logarithm nor root knows anything below zero: where a mean gets there, errors are even as they are.
    let isPositive = ensemble.forecast.prefix(question.horizon).allSatisfy { $0 > 0 }
    let intervals = Intervals(
      ensemble, plan, observed: series.observed, transform: isPositive ? transform : .none)
    outcome.transform = transform.name
    outcome.work = work.done
    outcome.members = ensemble.members.map {
      Outcome.Member(
        model: $0.trial.candidate.name, weight: $0.weight, label: $0.trial.label,
        error: $0.trial.error(plan.recent) * scale)
    }
    let limits = limits(series.observed.filter { !$0.isNaN })
    conclude(steps(ensemble, intervals, limits), limits, &outcome) { limit, mean, step in
      // A mean that the bounds hold back says less than what they held back.
      let free = ensemble.forecast[step]
      let isHeld = Self.within(limits, free * scale) != free * scale
      return intervals.probability(above: limit / scale, mean: isHeld ? free : mean / scale, step: step)
    }
    outcome.deviation = (intervals.scales.first ?? 0) * scale
    outcome.backtest = figures(ensemble, intervals, plan, series)
    if outcome.backtest == nil {
      outcome.warnings.append(
        "The series is too short for a backtest: weights are equal, and intervals are the models' own, widened.")
    }
  }

  private func trials(
    _ series: CleanSeries, _ plan: BacktestPlan, _ transform: Transform, _ backtest: inout Backtest,
    _ work: inout Work, _ outcome: inout Outcome
  ) -> [Trial] {
    var trials: [Trial] = []
    var deadline = Deadline(timeSpent)
    for candidate in CandidateList.suiting(series, plan, transform, question.effort) {
      do throws(TimeIsUp) {
        if trials.count > 2, work.isSpent { continue }
        // Something has to forecast, however late it is; and one that is dear leaves time for those after it.
        if !candidate.model.isInstant { work.deadline = try deadline.half(from: Self.modelShare) }
        if let trial = try backtest.run(candidate, &work) { trials.append(trial) }
      } catch {
        outcome.isDegraded = true
        outcome.dropped.append(candidate.name)
      }
    }
    // Where only the last value is known to matter, and nothing else could be fitted.
    if trials.isEmpty, let trial = try? backtest.run(Candidate(SeasonalNaive(season: 1), .none), &work) {
      trials.append(trial)
    }
    return trials
  }

  /// Between which the forecast stays.
  private func limits(_ known: [Double]) -> ClosedRange<Double> {
    let highest = question.highest ?? .greatestFiniteMagnitude
    var lowest = question.lowest ?? -.greatestFiniteMagnitude
    // What comes close to zero and never crosses it is an amount.
    if question.lowest == nil, highest > 0, let least = known.min(), least >= 0,
      least <= 0.25 * Statistics.median(known)
    {
      lowest = 0
    }
    return lowest...max(lowest, highest)
  }

  private static func within(_ limits: ClosedRange<Double>, _ value: Double) -> Double {
    min(max(value, limits.lowerBound), limits.upperBound)
  }

  private func steps(_ ensemble: Ensemble, _ intervals: Intervals, _ limits: ClosedRange<Double>) -> [Outcome.Step] {
    let reaches = question.levels.map { intervals.reach(Double($0) / 100) }
    return ensemble.forecast.enumerated().map { step, mean in
      let centre = Self.within(limits, mean * scale)
      // The inverse of a transform rounds, so that what lies close together may change places.
      var widest = Outcome.Interval(low: centre, high: centre)
      let ends = reaches.map { reach -> Outcome.Interval in
        let ends = intervals.ends(mean, step: step, reach: reach)
        widest.low = min(widest.low, Self.within(limits, ends.low * scale))
        widest.high = max(widest.high, Self.within(limits, ends.high * scale))
        return widest
      }
      return Outcome.Step(mean: centre, intervals: ends)
    }
  }

  private func figures(_ ensemble: Ensemble, _ intervals: Intervals, _ plan: BacktestPlan, _ series: CleanSeries)
    -> BacktestFigures?
  {
    guard !plan.origins.isEmpty else { return nil }
    var figures = BacktestFigures()
    let season = plan.seasons.first ?? 1
    let naive = Statistics.mean(
      zip(series.values.dropFirst(season), series.values).map { abs($0 - $1) })
    var (errors, naiveErrors, symmetric, count) = (0.0, 0.0, 0.0, 0)
    var inside = question.levels.map { _ in 0 }
    for (index, origin) in plan.origins.enumerated() {
      let fold = ensemble.folds[index]
      let reaches = question.levels.map { intervals.reach(Double($0) / 100, without: index) }
      var observed: [Double?] = []
      var (sum, known) = (0.0, 0)
      for (step, mean) in fold.enumerated() {
        let truth = series.observed[origin + step]
        observed.append(truth.isNaN ? nil : truth * scale)
        guard !truth.isNaN else { continue }
        let before = series.values[origin - season + step % season]
        naiveErrors += abs(truth - before)
        sum += abs(truth - mean)
        known += 1
        let size = abs(truth) + abs(mean)
        if size > 1e-12 { symmetric += 200 * abs(truth - mean) / size }
        for (place, reach) in reaches.enumerated() {
          let ends = intervals.ends(mean, step: step, reach: reach)
          if ends.low <= truth, truth <= ends.high { inside[place] += 1 }
        }
      }
      errors += sum
      count += known
      figures.folds.append(
        BacktestFigures.Fold(
          origin: origin, forecast: fold.map { $0 * scale }, observed: observed,
          error: known > 0 ? sum / Double(known) * scale : 0))
    }
    guard count > 0 else { return nil }
    let unit = naive > 1e-12 ? naive : 1
    figures.mase = errors / Double(count) / unit
    figures.naiveMase = naiveErrors / Double(count) / unit
    figures.smape = symmetric / Double(count)
    figures.coverages = inside.map { 100 * Double($0) / Double(count) }
    return figures
  }
}
