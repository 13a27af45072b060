/// Values taken apart into a trend, one or several seasons and a remainder, by loess (Cleveland and others 1990).
package struct Decomposition: Sendable {
  package private(set) var trend: [Double]
  /// One component a season, in the order of `seasons`.
  package private(set) var components: [[Double]]
  package let seasons: [Int]
  package private(set) var remainder: [Double]

  /// Several seasons are taken out in turn, each from what the others leave (Bandara and others 2021).
  package init(_ values: [Double], seasons: [Int], _ deadline: inout Deadline) throws(TimeIsUp) {
    self.seasons = seasons.filter { $0 > 1 && 2 * $0 <= values.count }
    components = self.seasons.map { _ in Array(repeating: 0, count: values.count) }
    var rest = values
    trend = try Loess.smooth(
      values, window: max(values.count / 3, 7) | 1, jump: max(values.count / 30, 1), &deadline)
    for _ in 0..<(self.seasons.count > 1 ? 2 : 1) {
      for (index, season) in self.seasons.enumerated() {
        for position in rest.indices { rest[position] += components[index][position] }
        (components[index], trend) = try Self.take(season, from: rest, window: 11 + 4 * index, &deadline)
        for position in rest.indices { rest[position] -= components[index][position] }
      }
    }
    remainder = zip(rest, trend).map { $0 - $1 }
  }

  /// Values without their seasons.
  package var adjusted: [Double] {
    zip(trend, remainder).map { $0 + $1 }
  }

  /// What all seasons add at a position.
  package func seasonal(at position: Int) -> Double {
    components.reduce(0) { $0 + $1[position] }
  }

  /// What the seasons add to each of the next values: their last cycles go on.
  package func seasonalAhead(_ horizon: Int) -> [Double] {
    var ahead = Array(repeating: 0.0, count: horizon)
    for (season, component) in zip(seasons, components) {
      let start = component.count - season
      for step in 0..<horizon { ahead[step] += component[start + step % season] }
    }
    return ahead
  }

  /// How much of what varies is seasonal, per season: 0 none, 1 all (Wang and others 2006).
  package var strengths: [Double] {
    components.map { component in
      let both = zip(component, remainder).map { $0 + $1 }
      let variance = Statistics.deviation(both)
      guard variance > 0 else { return 0 }
      let rest = Statistics.deviation(remainder) / variance
      return max(0, 1 - rest * rest)
    }
  }

  /// How much of what varies without seasons is trend.
  package var trendStrength: Double {
    let variance = Statistics.deviation(adjusted)
    guard variance > 0 else { return 0 }
    let rest = Statistics.deviation(remainder) / variance
    return max(0, 1 - rest * rest)
  }

  private static func take(
    _ season: Int, from values: [Double], window: Int, _ deadline: inout Deadline
  ) throws(TimeIsUp) -> (seasonal: [Double], trend: [Double]) {
    let count = values.count
    let exact = 1.5 * Double(season) / (1 - 1.5 / Double(window))
    let trendWindow = Int(exact.rounded(.up)) | 1
    let lowWindow = season | 1
    var trend = Array(repeating: 0.0, count: count)
    var seasonal = trend
    for _ in 0..<2 {
      var cycles = Array(repeating: 0.0, count: count + 2 * season)
      for phase in 0..<season {
        let part = stride(from: phase, to: count, by: season).map { values[$0] - trend[$0] }
        let smooth = try Loess.smooth(part, window: window, degree: 0, before: 1, after: 1, &deadline)
        for (index, value) in smooth.enumerated() where phase + index * season < cycles.count {
          cycles[phase + index * season] = value
        }
      }
      let low = try Loess.smooth(
        means(means(means(cycles, season), season), 3), window: lowWindow, jump: max((lowWindow + 9) / 10, 1),
        &deadline)
      for index in 0..<count { seasonal[index] = cycles[index + season] - low[index] }
      let adjusted = zip(values, seasonal).map { $0 - $1 }
      trend = try Loess.smooth(adjusted, window: trendWindow, jump: max((trendWindow + 9) / 10, 1), &deadline)
    }
    return (seasonal, trend)
  }

  private static func means(_ values: [Double], _ window: Int) -> [Double] {
    guard values.count >= window else { return values }
    var sum = values[..<window].reduce(0, +)
    var means = [sum / Double(window)]
    means.reserveCapacity(values.count - window + 1)
    for index in window..<max(values.count, window) {
      sum += values[index] - values[index - window]
      means.append(sum / Double(window))
    }
    return means
  }
}
