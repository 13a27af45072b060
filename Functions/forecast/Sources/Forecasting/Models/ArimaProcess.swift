import Glibc

/// An ARIMA process with its coefficients.
package struct ArimaProcess: Sendable {
  package let orders: Orders
  /// Of the differences.
  package let mean: Double
  package var deviation = 0.0
  /// Coefficients by lag, zeros left out: autoregressive, and moving average.
  private let autoregressive: [(lag: Int, value: Double)]
  private let movingAverage: [(lag: Int, value: Double)]

  /// From a point of the search: partial autocorrelations before tanh, so that every point is stationary and invertible
  /// (Monahan 1984), and a mean in units of `scale` from `mean`.
  init(_ orders: Orders, point: [Double], mean: Double, scale: Double) {
    self.orders = orders
    var rest = point[...]
    func take(_ count: Int) -> [Double] {
      defer { rest = rest.dropFirst(count) }
      return Self.coefficients(Array(rest.prefix(count)))
    }
    let (ar, seasonalAR) = (take(orders.p), take(orders.seasonalP))
    // 1 + theta B is invertible where 1 - phi B with phi = -theta is stationary.
    let (ma, seasonalMA) = (take(orders.q).map { -$0 }, take(orders.seasonalQ).map { -$0 })
    self.mean = orders.hasMean ? mean + scale * (rest.first ?? 0) : 0
    autoregressive = Self.product(ar, seasonalAR, orders.season, sign: -1)
    movingAverage = Self.product(ma, seasonalMA, orders.season, sign: 1)
  }

  /// With coefficients as they are published: `y = phi y' + e + theta e'`.
  package init(
    _ orders: Orders, ar: [Double] = [], ma: [Double] = [], seasonalAR: [Double] = [], seasonalMA: [Double] = [],
    mean: Double = 0, deviation: Double = 1
  ) {
    self.orders = orders
    self.mean = mean
    self.deviation = deviation
    autoregressive = Self.product(ar, seasonalAR, orders.season, sign: -1)
    movingAverage = Self.product(ma, seasonalMA, orders.season, sign: 1)
  }

  /// Partial autocorrelations to coefficients, by the recursion of Durbin and Levinson.
  private static func coefficients(_ point: [Double]) -> [Double] {
    var coefficients: [Double] = []
    for value in point {
      let partial = 0.985 * tanh(value)
      let before = coefficients
      for index in coefficients.indices { coefficients[index] -= partial * before[before.count - 1 - index] }
      coefficients.append(partial)
    }
    return coefficients
  }

  private static func product(_ near: [Double], _ far: [Double], _ season: Int, sign: Double) -> [(
    lag: Int, value: Double
  )] {
    var values = Array(repeating: 0.0, count: near.count + season * far.count + 1)
    for (i, one) in ([1] + near.map { sign * $0 }).enumerated() {
      for (j, other) in ([1] + far.map { sign * $0 }).enumerated() { values[i + season * j] += one * other }
    }
    return values.enumerated().dropFirst().filter { $0.element != 0 }.map { ($0.offset, sign * $0.element) }
  }

  /// Units of work for one pass.
  func cost(_ count: Int) -> Int {
    count * (4 + 2 * (autoregressive.count + movingAverage.count))
  }

  /// One-step errors of differences; before the first all is at its mean. Of those left out, none counts.
  func residuals(_ differences: [Double], leavingOut skipped: Int = 0) -> [Double] {
    var errors = differences
    let mean = mean
    differences.withUnsafeBufferPointer { values in
      errors.withUnsafeMutableBufferPointer { errors in
        autoregressive.withUnsafeBufferPointer { autoregressive in
          movingAverage.withUnsafeBufferPointer { movingAverage in
            for index in 0..<values.count {
              var error = values[index] - mean
              for term in autoregressive {
                guard term.lag <= index else { break }
                error -= term.value * (values[index - term.lag] - mean)
              }
              for term in movingAverage {
                guard term.lag <= index else { break }
                error -= term.value * errors[index - term.lag]
              }
              errors[index] = error
            }
          }
        }
      }
    }
    for index in 0..<min(skipped, errors.count) { errors[index] = 0 }
    return errors
  }

  /// The next values of a series whose history is `values`.
  package func forecast(_ values: [Double], _ horizon: Int) -> [Double] {
    let differences = orders.difference(values)
    var errors = residuals(differences)
    var centred = differences.map { $0 - mean }
    for _ in 0..<horizon {
      let index = centred.count
      var next = 0.0
      for (lag, value) in autoregressive where lag <= index { next += value * centred[index - lag] }
      for (lag, value) in movingAverage where lag <= index { next += value * errors[index - lag] }
      centred.append(next)
      errors.append(0)
    }
    var ahead = centred.suffix(horizon).map { $0 + mean }
    // Differences are summed up again, the last taken first.
    var seasonal = orders
    seasonal.d = 0
    var levels = [seasonal.difference(values)]
    for _ in 0..<orders.d {
      let last = levels[levels.count - 1]
      levels.append(zip(last.dropFirst(), last).map { $0 - $1 })
    }
    for level in levels.prefix(orders.d).reversed() {
      var current = level.last ?? 0
      for index in ahead.indices {
        current += ahead[index]
        ahead[index] = current
      }
    }
    guard orders.seasonalD == 1 else { return ahead }
    var history = values
    for value in ahead { history.append(value + history[history.count - orders.season]) }
    return Array(history.suffix(horizon))
  }

  package func deviations(_ horizon: Int) -> [Double] {
    var full = [1.0]
    func multiply(_ lag: Int) {
      let before = full
      full += Array(repeating: 0, count: lag)
      for index in before.indices { full[index + lag] -= before[index] }
    }
    var polynomial = Array(repeating: 0.0, count: (autoregressive.map(\.lag).max() ?? 0) + 1)
    polynomial[0] = 1
    for (lag, value) in autoregressive { polynomial[lag] -= value }
    full = polynomial
    for _ in 0..<orders.d { multiply(1) }
    for _ in 0..<orders.seasonalD { multiply(orders.season) }
    var weights: [Double] = []
    var variance = 0.0
    return (0..<horizon).map { step in
      var weight = step == 0 ? 1 : movingAverage.first { $0.lag == step }?.value ?? 0
      for lag in 1..<max(min(full.count, step + 1), 1) { weight -= full[lag] * weights[step - lag] }
      weights.append(weight)
      variance += weight * weight
      return deviation * variance.squareRoot()
    }
  }
}
