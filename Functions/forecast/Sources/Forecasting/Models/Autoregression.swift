import Glibc

/// Seasonal ARIMA by conditional sum of squares; orders are capped and found step by step.
package struct Autoregression: Model {
  package let name: String
  package let usesParts = true
  private let orders: Orders?
  private let isSeasonal: Bool

  /// Beyond this lag a season costs minutes: it is for decomposition or harmonics.
  package static let seasonLimit = 24
  /// More history than this does not change coefficients enough to pay for it.
  private static let historyLimit = 800

  /// With these orders, or with those that it finds.
  package init(orders: Orders? = nil, isSeasonal: Bool = true, name: String = "arima") {
    self.orders = orders
    self.isSeasonal = isSeasonal
    self.name = name
  }

  package func fit(
    _ sample: Sample, like relative: (any FittedModel)?, _ work: inout Work
  ) throws(TimeIsUp) -> (any FittedModel)? {
    let values = Array(sample.values.suffix(Self.historyLimit))
    if let relative = relative as? Fitted {
      return try search(relative.process.orders, values, nil, from: relative.point, &work)?.fitted
    }
    guard values.count >= 16 || orders != nil else { return nil }
    if let orders { return try search(orders, values, nil, &work)?.fitted }
    return try stepwise(sample, values, &work)
  }

  private struct Found {
    var fitted: Fitted
    var criterion: Double
  }

  private func stepwise(_ sample: Sample, _ values: [Double], _ work: inout Work) throws(TimeIsUp) -> Fitted? {
    var base = Orders(0, 0, 0)
    let season = sample.season
    if isSeasonal, season > 1, season <= Self.seasonLimit, values.count >= 2 * season + 5 {
      base.season = season
      base.seasonalD = try Self.needsSeasonalDifference(sample, &work.deadline) ? 1 : 0
    }
    var differences = base.difference(values)
    while base.d < 2, Statistics.levelStationarity(differences) > 0.463 {
      base.d += 1
      differences = zip(differences.dropFirst(), differences).map { $0 - $1 }
    }
    base.hasMean = base.d + base.seasonalD <= 1
    // The same first values are left out for all orders, so that their criteria compare.
    let skipped = min(base.season > 1 ? base.season + 2 : 3, differences.count / 4)
    var tried: Set<Orders> = []
    var best: Found?
    func attempt(_ orders: Orders) throws(TimeIsUp) -> Bool {
      guard tried.insert(orders).inserted, tried.count <= 30, !work.isSpent,
        let found = try search(orders, values, skipped, &work), found.criterion < best?.criterion ?? .infinity
      else { return false }
      best = found
      return true
    }
    let seasonal = base.season > 1 ? 1 : 0
    for (p, q, seasonalP, seasonalQ) in [(2, 2, 1, 1), (0, 0, 0, 0), (1, 0, 1, 0), (0, 1, 0, 1)] {
      var start = base
      (start.p, start.q) = (p, q)
      (start.seasonalP, start.seasonalQ) = (seasonal * seasonalP, seasonal * seasonalQ)
      _ = try attempt(start)
    }
    func improve(_ current: Orders) throws(TimeIsUp) -> Bool {
      for next in current.neighbours {
        if try attempt(next) { return true }
      }
      return false
    }
    while let current = best?.fitted.process.orders, try improve(current) {}
    return best?.fitted
  }

  private static func needsSeasonalDifference(
    _ sample: Sample, _ deadline: inout Deadline
  ) throws(TimeIsUp) -> Bool {
    let known = sample.decomposition
    let parts = if let known { known } else { try Decomposition(sample.values, seasons: [sample.season], &deadline) }
    return (parts.strengths.first ?? 0) > 0.64
  }

  private func search(
    _ orders: Orders, _ values: [Double], _ skipped: Int?, from point: [Double]? = nil, _ work: inout Work
  ) throws(TimeIsUp) -> Found? {
    let differences = orders.difference(values)
    let free = differences.count - orders.parameterCount
    guard free >= 3 else { return nil }
    let skipped = skipped ?? min(max(orders.p, 1) + orders.season * orders.seasonalP, differences.count / 4)
    let mean = Statistics.mean(differences)
    let scale = max(Statistics.deviation(differences), 1e-12)
    var start = point ?? Array(repeating: 0.1, count: orders.parameterCount)
    if orders.hasMean { start[start.count - 1] = 0 }
    let search = LeastSquaresSearch(iterations: point == nil ? 10 : 5)
    // A product of polynomials has more terms than there are parameters.
    let cost = differences.count * (4 + 4 * orders.parameterCount)
    let outcome = try search.minimise(start, cost: cost, &work.deadline) { point in
      ArimaProcess(orders, point: point, mean: mean, scale: scale).residuals(differences, leavingOut: skipped)
    }
    var process = ArimaProcess(orders, point: outcome.parameters, mean: mean, scale: scale)
    work.add(outcome.evaluations * process.cost(differences.count))
    let count = Double(differences.count - skipped)
    let variance = outcome.sumOfSquares / count
    guard variance.isFinite, outcome.sumOfSquares > 0 else { return nil }
    process.deviation = (outcome.sumOfSquares / max(count - Double(orders.parameterCount), 1)).squareRoot()
    let criterion =
      count * log(variance) + Statistics.penalty(parameters: orders.parameterCount + 1, count: Int(count))
    return Found(fitted: Fitted(process: process, values: values, point: outcome.parameters), criterion: criterion)
  }

  struct Fitted: FittedModel {
    let process: ArimaProcess
    let values: [Double]
    /// Where the search ended.
    let point: [Double]

    var label: String { process.orders.label }
    func forecast(_ horizon: Int) -> [Double] { process.forecast(values, horizon) }
    func deviations(_ horizon: Int) -> [Double] { process.deviations(horizon) }
  }
}
