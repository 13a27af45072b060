import Glibc

/// Plain figures about numbers; none of them fails on an empty list.
package enum Statistics {
  package static func mean(_ values: some Collection<Double>) -> Double {
    values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
  }

  package static func deviation(_ values: some Collection<Double>) -> Double {
    guard values.count > 1 else { return 0 }
    let centre = mean(values)
    return (values.reduce(0) { $0 + ($1 - centre) * ($1 - centre) } / Double(values.count - 1)).squareRoot()
  }

  package static func rootMeanSquare(_ values: some Collection<Double>) -> Double {
    values.isEmpty ? 0 : (values.reduce(0) { $0 + $1 * $1 } / Double(values.count)).squareRoot()
  }

  /// Interpolated between order statistics (type 7 of Hyndman and Fan 1996).
  package static func quantile(_ values: some Collection<Double>, _ level: Double) -> Double {
    quantile(sorted: values.sorted(), level)
  }

  package static func quantile(sorted values: [Double], _ level: Double) -> Double {
    guard let last = values.last else { return 0 }
    let place = min(max(level, 0), 1) * Double(values.count - 1)
    let index = Int(place)
    guard index + 1 < values.count else { return last }
    return values[index] + (place - Double(index)) * (values[index + 1] - values[index])
  }

  package static func median(_ values: some Collection<Double>) -> Double {
    quantile(values, 0.5)
  }

  /// Autocorrelations of the lags `first` to `lags`.
  package static func autocorrelations(_ values: [Double], from first: Int = 1, lags: Int) -> [Double] {
    let centre = mean(values)
    let variance = values.reduce(0) { $0 + ($1 - centre) * ($1 - centre) }
    guard variance > 0, lags >= first else { return Array(repeating: 0, count: max(lags + 1 - first, 0)) }
    return (first...lags).map { lag in
      guard lag < values.count else { return 0 }
      var sum = 0.0
      for index in lag..<values.count { sum += (values[index] - centre) * (values[index - lag] - centre) }
      return sum / variance
    }
  }

  /// The probability that a standard normal value is below `z`.
  package static func normal(below z: Double) -> Double {
    0.5 * erfc(-z / 2.0.squareRoot())
  }

  /// The value below which a standard normal one lies with probability `level`, by bisection.
  package static func normalQuantile(_ level: Double) -> Double {
    var low = -9.0
    var high = 9.0
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if normal(below: middle) < level { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }

  /// The same for Student's distribution: a series in 1 / `freedom` (Abramowitz and Stegun 26.7.5), good from 3 on.
  package static func studentQuantile(_ level: Double, freedom: Double) -> Double {
    let z = normalQuantile(level)
    let (cube, fifth, seventh) = (z * z * z, pow(z, 5), pow(z, 7))
    let first = (cube + z) / 4
    let second = (5 * fifth + 16 * cube + 3 * z) / 96
    let third = (3 * seventh + 19 * fifth + 17 * cube - 15 * z) / 384
    return z + (first + (second + third / freedom) / freedom) / freedom
  }

  /// The test of Kwiatkowski and others (1992) for a constant level; above 0.463 it is refused at 5 %.
  package static func levelStationarity(_ values: [Double]) -> Double {
    let count = Double(values.count)
    guard values.count > 3 else { return 0 }
    let centre = mean(values)
    let errors = values.map { $0 - centre }
    var sum = 0.0
    var numerator = 0.0
    for error in errors {
      sum += error
      numerator += sum * sum
    }
    let lags = min(Int(3 * count.squareRoot() / 13), values.count - 1)
    var variance = errors.reduce(0) { $0 + $1 * $1 } / count
    if lags > 0 {
      for lag in 1...lags {
        var product = 0.0
        for index in lag..<errors.count { product += errors[index] * errors[index - lag] }
        variance += 2 * (1 - Double(lag) / Double(lags + 1)) * product / count
      }
    }
    return variance > 1e-300 ? numerator / (count * count * variance) : 0
  }

  /// The correction of Akaike's criterion for short series, on top of `count * log(variance)`.
  package static func penalty(parameters: Int, count: Int) -> Double {
    let k = Double(parameters)
    let left = Double(count) - k - 1
    guard left > 0 else { return .infinity }
    return 2 * k + 2 * k * (k + 1) / left
  }
}
