import Glibc

/// The damped family of exponential smoothing; the form is chosen by Akaike's corrected criterion.
package struct ExponentialSmoothing: Model {
  package let name: String
  private let forms: [SmoothingForm]?

  /// Chooses among `forms`, or among all that suit the sample.
  package init(name: String = "ets", forms: [SmoothingForm]? = nil) {
    self.name = name
    self.forms = forms
  }

  /// Beyond this, a season is for decomposition or harmonics: there are too many states to start.
  package static let seasonLimit = 24

  package func fit(
    _ sample: Sample, like relative: (any FittedModel)?, _ work: inout Work
  ) throws(TimeIsUp) -> (any FittedModel)? {
    guard sample.count >= 4 else { return nil }
    let season = sample.season
    if let relative = relative as? Fitted {
      return try search(relative.form, sample.values, season, from: relative.point, &work)
    }
    let isSeasonal = season > 1 && season <= Self.seasonLimit && sample.count >= 2 * season + 2
    let isPositive = sample.values.allSatisfy { $0 > 0 }
    let suitable = forms ?? SmoothingForm.candidates(isSeasonal: isSeasonal, isPositive: isPositive)
    var best: Fitted?
    for form in suitable {
      if form.season != .none && !isSeasonal { continue }
      if (form.isProportional || form.season == .multiplicative) && !isPositive { continue }
      guard let fitted = try search(form, sample.values, season, &work) else { continue }
      if fitted.criterion < best?.criterion ?? .infinity { best = fitted }
    }
    return best
  }

  private func search(
    _ form: SmoothingForm, _ values: [Double], _ season: Int, from point: [Double]? = nil, _ work: inout Work
  ) throws(TimeIsUp) -> Fitted? {
    if form.season != .none, values.count < 2 * season { return nil }
    let states = try SmoothingStates(values, form, season: season, &work.deadline)
    let differences = zip(values.dropFirst(), values).map { $0 - $1 }
    let scale = max(Statistics.rootMeanSquare(differences), 1e-9)
    var fitted = Fitted(form: form, start: states, scale: scale)
    // The last start is for seasons that change quickly: from a slow one the search does not get there.
    let starts: [[Double]] =
      point.map { [$0] } ?? [
        fitted.point(alpha: 0.15), fitted.point(alpha: 0.6), fitted.point(alpha: 0.3, gamma: 0.8),
      ]
    let cost = values.count * (season > 1 ? 14 : 9)
    var start: (point: [Double], squares: Double)?
    for point in starts {
      try work.deadline.pass(cost)
      let squares = LeastSquaresSearch.squares(fitted.residuals(point, values))
      if squares.isFinite, squares < start?.squares ?? .infinity { start = (point, squares) }
    }
    guard let start else { return nil }
    let outcome = try LeastSquaresSearch(iterations: point == nil ? 16 : 6)
      .minimise(start.point, cost: cost, &work.deadline) { fitted.residuals($0, values) }
    work.add((outcome.evaluations + 2) * cost)
    fitted.point = outcome.parameters
    let count = form.parameterCount(season: season)
    fitted.criterion =
      Double(values.count) * log(max(outcome.sumOfSquares / Double(values.count), 1e-300))
      + Statistics.penalty(parameters: count, count: values.count)
    return fitted.criterion.isFinite && fitted.run(over: values) != nil ? fitted : nil
  }
}
