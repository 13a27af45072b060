import Glibc

/// The theta method of Assimakopoulos and Nikolopoulos (2000): smoothing of a line bent twice, and half the trend.
package struct Theta: Model {
  package let name = "theta"

  package init() {}

  package func fit(
    _ sample: Sample, like relative: (any FittedModel)?, _ work: inout Work
  ) throws(TimeIsUp) -> (any FittedModel)? {
    guard sample.count >= 5 else { return nil }
    let season = sample.season
    var factors: [Double] = []
    var isMultiplicative = false
    var adjusted = sample.values
    if try Self.isSeasonal(sample.values, season, &work.deadline) {
      let form = SmoothingForm(
        trend: .additive, season: sample.values.allSatisfy { $0 > 0 } ? .multiplicative : .additive)
      isMultiplicative = form.season == .multiplicative
      factors = try Self.season(sample, form, &work.deadline)
      for index in adjusted.indices {
        let factor = factors[index % season]
        adjusted[index] = isMultiplicative ? adjusted[index] / factor : adjusted[index] - factor
      }
      factors = (0..<season).map { factors[(sample.count + $0) % season] }
    }
    let line = SmoothingStates.line(adjusted)
    let alpha = try search(adjusted, &work)
    let (level, deviation) = Self.smooth(adjusted, alpha)
    work.add(20 * sample.count)
    return Fitted(
      level: level, alpha: alpha, slope: line.slope, count: sample.count, deviation: deviation, factors: factors,
      isMultiplicative: isMultiplicative)
  }

  /// The autocorrelation at a season's length is beyond chance, at 10 %.
  private static func isSeasonal(
    _ values: [Double], _ season: Int, _ deadline: inout Deadline
  ) throws(TimeIsUp) -> Bool {
    guard season > 1, values.count >= 2 * season + 1 else { return false }
    let differences = zip(values.dropFirst(), values).map { $0 - $1 }
    var correlations: [Double] = []
    while correlations.count < season {
      let last = min(correlations.count + 64, season)
      try deadline.pass((last - correlations.count) * values.count)
      correlations += Statistics.autocorrelations(differences, from: correlations.count + 1, lags: last)
    }
    let earlier = correlations.dropLast().reduce(0) { $0 + $1 * $1 }
    let limit = 1.645 * ((1 + 2 * earlier) / Double(values.count)).squareRoot()
    return (correlations.last ?? 0) > limit
  }

  private static func season(
    _ sample: Sample, _ form: SmoothingForm, _ deadline: inout Deadline
  ) throws(TimeIsUp) -> [Double] {
    // All cycles count alike, as the classical decomposition has it.
    let cycles = sample.count / sample.season
    let sums = try SmoothingStates(
      sample.values, form, season: sample.season, cycles: max(cycles, 4), &deadline)
    return sums.season
  }

  private func search(_ values: [Double], _ work: inout Work) throws(TimeIsUp) -> Double {
    var best = (alpha: 0.5, deviation: Double.infinity)
    for step in 1...20 {
      try work.deadline.pass(3 * values.count)
      let alpha = Double(step) * 0.05 - 0.01
      let deviation = Self.smooth(values, alpha).deviation
      if deviation < best.deviation { best = (alpha, deviation) }
    }
    work.add(60 * values.count)
    return best.alpha
  }

  private static func smooth(_ values: [Double], _ alpha: Double) -> (level: Double, deviation: Double) {
    var level = values[0]
    var squares = 0.0
    for value in values.dropFirst() {
      let error = value - level
      squares += error * error
      level += alpha * error
    }
    return (level, (squares / Double(max(values.count - 1, 1))).squareRoot())
  }

  private struct Fitted: FittedModel {
    let level: Double
    let alpha: Double
    let slope: Double
    let count: Int
    let deviation: Double
    let factors: [Double]
    let isMultiplicative: Bool

    var label: String { "theta" }

    func forecast(_ horizon: Int) -> [Double] {
      // Half of the slope; what smoothing lags behind a line is made up for (Hyndman and Billah 2003).
      let lag = (1 - pow(1 - alpha, Double(count))) / alpha
      return (0..<horizon).map { step in
        let base = level + slope / 2 * (Double(step) + lag)
        guard !factors.isEmpty else { return base }
        let factor = factors[step % factors.count]
        return isMultiplicative ? base * factor : base + factor
      }
    }

    func deviations(_ horizon: Int) -> [Double] {
      (0..<horizon).map { deviation * (1 + alpha * alpha * Double($0)).squareRoot() }
    }
  }
}
