import Glibc

/// A regression on trend, waves of each season and known causes, with an autoregression of what it leaves.
package struct HarmonicRegression: Model {
  package enum Trend: String, Sendable {
    case line
    /// A line that may bend, at a price.
    case bent
  }
  private let trend: Trend

  package let knowsCauses = true

  package init(trend: Trend) {
    self.trend = trend
  }

  package var name: String { trend == .line ? "fourier-arx" : "fourier-arx-bent" }

  package func fit(
    _ sample: Sample, like relative: (any FittedModel)?, _ work: inout Work
  ) throws(TimeIsUp) -> (any FittedModel)? {
    guard sample.count >= 12 else { return nil }
    if let relative = relative as? Fitted, let design = Optional(relative.design.cut(to: sample.count)),
      let again = try regress(sample, design, &work)
    {
      return try finish(sample, design, again.coefficients, order: nil, &work)
    }
    var best: (design: HarmonicDesign, coefficients: [Double], criterion: Double)?
    for design in HarmonicDesign.candidates(sample, bends: trend == .bent ? 6 : 0) {
      guard !work.isSpent, let found = try regress(sample, design, &work) else { continue }
      if found.criterion < best?.criterion ?? .infinity { best = (design, found.coefficients, found.criterion) }
    }
    guard let best else { return nil }
    return try finish(sample, best.design, best.coefficients, order: nil, &work)
  }

  private func regress(
    _ sample: Sample, _ design: HarmonicDesign, _ work: inout Work
  ) throws(TimeIsUp) -> (coefficients: [Double], criterion: Double)? {
    let width = design.width
    guard width + 3 < sample.count else { return nil }
    var equations = NormalEquations(count: width)
    for index in sample.values.indices {
      try work.deadline.pass(width * (width / 2 + 20))
      equations.add(design.row(index, sample.regressors), sample.caused[index])
    }
    work.add(sample.count * width * (width / 2 + 20))
    guard let coefficients = try equations.solve(ridge: design.ridge(sample.count), &work.deadline) else { return nil }
    var squares = 0.0
    for error in try errors(sample, design, coefficients, &work.deadline) { squares += error * error }
    let count = Double(sample.count)
    let criterion =
      count * log(max(squares / count, 1e-300)) + Statistics.penalty(parameters: width + 1, count: sample.count)
    return (coefficients, criterion)
  }

  private func errors(
    _ sample: Sample, _ design: HarmonicDesign, _ coefficients: [Double], _ deadline: inout Deadline
  ) throws(TimeIsUp) -> [Double] {
    var errors = sample.caused
    for index in errors.indices {
      try deadline.pass(20 * design.width)
      errors[index] -= LeastSquaresSearch.product(design.row(index, sample.regressors), coefficients)
    }
    return errors
  }

  private func finish(
    _ sample: Sample, _ design: HarmonicDesign, _ coefficients: [Double], order: Int?, _ work: inout Work
  ) throws(TimeIsUp) -> Fitted {
    let errors = try errors(sample, design, coefficients, &work.deadline)
    let autoregression = Self.autoregression(errors, order: order)
    work.add(sample.count * (design.width * 4 + 30))
    return Fitted(
      name: name, design: design, regression: coefficients, regressors: sample.regressors, count: sample.count,
      errors: Array(errors.suffix(32)), coefficients: autoregression.coefficients,
      deviation: autoregression.deviation)
  }

  /// Yule and Walker's coefficients, which are always stationary, of the order with the best criterion.
  static func autoregression(_ errors: [Double], order: Int?) -> (coefficients: [Double], deviation: Double) {
    let limit = order ?? min(12, errors.count / 6)
    var deviation = Statistics.rootMeanSquare(errors)
    guard limit > 0, deviation > 0 else { return ([], deviation) }
    let correlations = [1] + Statistics.autocorrelations(errors, lags: limit)
    var coefficients: [Double] = []
    var best: [Double] = []
    var variance = deviation * deviation
    var criterion = Double(errors.count) * log(variance)
    for step in 1...limit {
      var partial = correlations[step]
      for (index, value) in coefficients.enumerated() { partial -= value * correlations[step - 1 - index] }
      let before = coefficients
      partial /= max(variance / (deviation * deviation), 1e-12)
      partial = min(max(partial, -0.999), 0.999)
      for index in coefficients.indices { coefficients[index] -= partial * before[before.count - 1 - index] }
      coefficients.append(partial)
      variance *= 1 - partial * partial
      let next = Double(errors.count) * log(max(variance, 1e-300)) + 2 * Double(step)
      if order == nil ? next < criterion : step == limit {
        (criterion, best) = (next, coefficients)
      }
    }
    var left = errors
    for index in best.count..<max(errors.count, best.count) {
      for (lag, value) in best.enumerated() { left[index] -= value * errors[index - lag - 1] }
    }
    deviation = Statistics.rootMeanSquare(left.dropFirst(best.count))
    return (best, deviation)
  }

  private struct Fitted: FittedModel {
    let name: String
    let design: HarmonicDesign
    let regression: [Double]
    let regressors: [[Double]]
    let count: Int
    /// The last errors of the regression, oldest first.
    let errors: [Double]
    let coefficients: [Double]
    let deviation: Double

    var label: String { "\(name)(\(design.label), ar \(coefficients.count))" }

    func forecast(_ horizon: Int) -> [Double] {
      var errors = errors
      return (0..<horizon).map { step in
        var error = 0.0
        for (lag, value) in coefficients.enumerated() where lag < errors.count {
          error += value * errors[errors.count - 1 - lag]
        }
        errors.append(error)
        return LeastSquaresSearch.product(design.row(count + step, regressors), regression) + error
      }
    }

    func deviations(_ horizon: Int) -> [Double] {
      ArimaProcess(Orders(coefficients.count, 0, 0), ar: coefficients, deviation: deviation).deviations(horizon)
    }
  }
}
