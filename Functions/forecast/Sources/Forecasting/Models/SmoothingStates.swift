/// Level, trend and season as exponential smoothing carries them along.
struct SmoothingStates: Sendable {
  var level: Double
  var trend: Double
  /// One factor or summand for each step of the season, the next one first.
  var season: [Double]

  /// What the first cycles look like: a classical decomposition of them.
  init(
    _ values: [Double], _ form: SmoothingForm, season length: Int, cycles: Int = 4, _ deadline: inout Deadline
  ) throws(TimeIsUp) {
    var adjusted = Array(values.prefix(max(cycles * length, 12)))
    season = []
    if form.season != .none, values.count >= 2 * length {
      season = try Self.season(adjusted, length, form.season, &deadline)
      for index in adjusted.indices {
        let part = season[index % length]
        adjusted[index] = form.season == .multiplicative ? adjusted[index] / part : adjusted[index] - part
      }
    }
    let head = adjusted.prefix(max(length, 8))
    let line = Self.line(Array(head))
    if form.trend == .none {
      level = Statistics.mean(head)
      trend = 0
    } else {
      level = line.start - line.slope
      trend = line.slope
    }
  }

  private static func season(
    _ values: [Double], _ length: Int, _ kind: SmoothingForm.Season, _ deadline: inout Deadline
  ) throws(TimeIsUp) -> [Double] {
    let isMultiplicative = kind == .multiplicative
    var sums = Array(repeating: 0.0, count: length)
    var counts = Array(repeating: 0.0, count: length)
    for (index, centre) in try centred(values, length, &deadline) {
      sums[index % length] += isMultiplicative ? values[index] / max(centre, 1e-12) : values[index] - centre
      counts[index % length] += 1
    }
    var season = zip(sums, counts).map { $1 > 0 ? $0 / $1 : (isMultiplicative ? 1 : 0) }
    let mean = Statistics.mean(season)
    for index in season.indices {
      season[index] = isMultiplicative ? max(season[index] / max(mean, 1e-12), 0.01) : season[index] - mean
    }
    return season
  }

  /// Centred means over a season, with the ends of an even one counted half.
  private static func centred(
    _ values: [Double], _ length: Int, _ deadline: inout Deadline
  ) throws(TimeIsUp) -> [(index: Int, mean: Double)] {
    let half = length / 2
    guard values.count > 2 * half else { return [] }
    var means: [(index: Int, mean: Double)] = []
    means.reserveCapacity(values.count - 2 * half)
    for index in half..<(values.count - half) {
      try deadline.pass(length)
      var sum = values[(index - half)...(index + half)].reduce(0, +)
      if length % 2 == 0 { sum -= (values[index - half] + values[index + half]) / 2 }
      means.append((index, sum / Double(length)))
    }
    return means
  }

  static func line(_ values: [Double]) -> (start: Double, slope: Double) {
    let middle = Double(values.count - 1) / 2
    let mean = Statistics.mean(values)
    var product = 0.0
    var squares = 0.0
    for (index, value) in values.enumerated() {
      product += (Double(index) - middle) * (value - mean)
      squares += (Double(index) - middle) * (Double(index) - middle)
    }
    let slope = squares > 0 ? product / squares : 0
    return (mean - slope * middle, slope)
  }
}
