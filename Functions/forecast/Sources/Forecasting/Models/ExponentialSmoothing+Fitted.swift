import Glibc

extension ExponentialSmoothing {
  struct Fitted: FittedModel {
    let form: SmoothingForm
    let start: SmoothingStates
    /// What a unit of the searched start values means.
    let scale: Double
    /// Smoothing weights and start values, without bounds as the search sees them.
    var point: [Double] = []
    var criterion = Double.infinity
    private var states: SmoothingStates
    private var deviation = 0.0

    init(form: SmoothingForm, start: SmoothingStates, scale: Double) {
      self.form = form
      self.start = start
      self.scale = scale
      states = start
    }

    var label: String { form.label }

    /// Weights within their bounds: 0 < alpha < 1, 0 < beta < alpha, 0 < gamma < 1 - alpha, 0.8 < phi < 0.98.
    struct Weights {
      var alpha = 0.0
      var beta = 0.0
      var gamma = 0.0
      var phi = 1.0
      var level = 0.0
      var trend = 0.0
    }

    func point(alpha: Double, gamma: Double = 0.1) -> [Double] {
      var point = [Self.logit(alpha), 0.0]
      if form.trend != .none { point += [Self.logit(0.1), 0] }
      if form.trend == .damped { point.append(Self.logit(0.8)) }
      if form.season != .none { point.append(Self.logit(gamma)) }
      return point
    }

    func weights(_ point: [Double]) -> Weights {
      var weights = Weights()
      weights.alpha = 0.0001 + 0.9998 * Self.logistic(point[0])
      weights.level = start.level + scale * point[1]
      weights.trend = start.trend
      var next = 2
      if form.trend != .none {
        weights.beta = weights.alpha * Self.logistic(point[2])
        weights.trend += 0.3 * scale * point[3]
        next = 4
      }
      if form.trend == .damped {
        weights.phi = 0.8 + 0.18 * Self.logistic(point[next])
        next += 1
      }
      if form.season != .none { weights.gamma = (1 - weights.alpha) * Self.logistic(point[next]) }
      return weights
    }

    private static func logistic(_ value: Double) -> Double { 1 / (1 + exp(-min(max(value, -12), 12))) }
    private static func logit(_ value: Double) -> Double { log(value / (1 - value)) }

    /// One-step errors; in proportion they carry the geometric mean of the forecasts, so that the sum of squares
    /// stands for the likelihood in both kinds.
    func residuals(_ point: [Double], _ values: [Double]) -> [Double] {
      var (errors, forecasts, _) = filter(point, values)
      guard form.isProportional else { return errors }
      var sum = 0.0
      for index in errors.indices {
        guard forecasts[index] > 0 else { return Array(repeating: .infinity, count: errors.count) }
        sum += log(forecasts[index])
        errors[index] /= forecasts[index]
      }
      let mean = exp(sum / Double(errors.count))
      return errors.map { $0 * mean }
    }

    private func filter(_ point: [Double], _ values: [Double]) -> (
      errors: [Double], forecasts: [Double], states: SmoothingStates
    ) {
      let weights = weights(point)
      var states = start
      states.level = weights.level
      states.trend = weights.trend
      var errors = values
      var forecasts = values
      let length = states.season.count
      let isMultiplicative = form.season == .multiplicative
      var place = 0
      for index in values.indices {
        let base = states.level + weights.phi * states.trend
        let part = length > 0 ? states.season[place] : (isMultiplicative ? 1 : 0)
        let forecast = isMultiplicative ? base * part : base + part
        let error = values[index] - forecast
        let step = isMultiplicative ? error / max(part, 1e-6) : error
        states.level = base + weights.alpha * step
        states.trend = weights.phi * states.trend + weights.beta * step
        if length > 0 {
          let gain = isMultiplicative ? error / max(abs(base), 1e-12) : error
          states.season[place] = part + weights.gamma * gain
          place = place + 1 == length ? 0 : place + 1
        }
        errors[index] = error
        forecasts[index] = forecast
      }
      if length > 0 { states.season = Array(states.season[place...] + states.season[..<place]) }
      return (errors, forecasts, states)
    }

    /// Carries the states over the values; nil if they leave the finite.
    mutating func run(over values: [Double]) -> Void? {
      let outcome = filter(point, values)
      states = outcome.states
      deviation = Statistics.rootMeanSquare(outcome.errors.dropFirst(min(values.count / 4, 4)))
      return states.level.isFinite && states.trend.isFinite && deviation.isFinite ? () : nil
    }

    func forecast(_ horizon: Int) -> [Double] {
      let phi = weights(point).phi
      var sum = 0.0
      var power = 1.0
      return (0..<horizon).map { step in
        power *= phi
        sum += power
        let base = states.level + sum * states.trend
        guard !states.season.isEmpty else { return base }
        let part = states.season[step % states.season.count]
        return form.season == .multiplicative ? base * part : base + part
      }
    }

    func deviations(_ horizon: Int) -> [Double] {
      let weights = weights(point)
      let length = states.season.count
      var variance = 1.0
      var sum = 0.0
      var power = 1.0
      return (0..<horizon).map { step in
        let now = deviation * variance.squareRoot()
        power *= weights.phi
        sum += power
        var weight = weights.alpha + weights.beta * sum
        if length > 0, (step + 1) % length == 0 { weight += weights.gamma }
        variance += weight * weight
        return now
      }
    }
  }
}
