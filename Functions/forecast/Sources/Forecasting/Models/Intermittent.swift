/// Demand that is mostly zero: how large and how often are smoothed apart.
///
/// Croston's method with the correction of Syntetos and Boylan (2005), or that of Teunter, Syntetos and Babai (2011),
/// which also learns from zeros.
package struct Intermittent: Model {
  package enum Method: String, Sendable {
    case croston
    case tsb
  }
  private let method: Method
  /// How quickly sizes and intervals are forgotten; usual for such series, which have too few demands to learn it.
  private let smoothing: Double
  package let isInstant = true

  package init(_ method: Method, smoothing: Double = 0.1) {
    self.method = method
    self.smoothing = smoothing
  }

  package var name: String { method.rawValue }

  package func fit(_ sample: Sample, like relative: (any FittedModel)?, _ work: inout Work) -> (any FittedModel)? {
    let demands = sample.values.indices.filter { sample.values[$0] != 0 }
    guard let first = demands.first, demands.count > 1 else { return nil }
    work.add(4 * sample.count)
    let rate =
      switch method {
      case .croston: croston(sample.values, first)
      case .tsb: probabilities(sample.values, Double(demands.count) / Double(sample.count), first)
      }
    return Fitted(label: name, rate: rate, deviation: Statistics.deviation(sample.values))
  }

  private func croston(_ values: [Double], _ first: Int) -> Double {
    var size = values[first]
    var interval = Double(first + 1)
    var gap = 1.0
    for value in values.dropFirst(first + 1) {
      if value != 0 {
        size += smoothing * (value - size)
        interval += smoothing * (gap - interval)
        gap = 1
      } else {
        gap += 1
      }
    }
    return (1 - smoothing / 2) * size / max(interval, 1)
  }

  private func probabilities(_ values: [Double], _ start: Double, _ first: Int) -> Double {
    var size = values[first]
    var probability = start
    for value in values {
      if value != 0 {
        size += smoothing * (value - size)
        probability += smoothing * (1 - probability)
      } else {
        probability -= smoothing * probability
      }
    }
    return size * probability
  }

  private struct Fitted: FittedModel {
    let label: String
    let rate: Double
    let deviation: Double

    func forecast(_ horizon: Int) -> [Double] { Array(repeating: rate, count: horizon) }
    func deviations(_ horizon: Int) -> [Double] { Array(repeating: deviation, count: horizon) }
  }
}
