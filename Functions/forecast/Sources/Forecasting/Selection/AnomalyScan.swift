/// Values that differ from what their neighbours and their season let expect.
package struct AnomalyScan: Sendable {
  package struct Finding: Sendable, Equatable {
    package var index: Int
    package var value: Double
    package var expected: Double
    /// Robust standard deviations between the two.
    package var score: Double
  }

  package let findings: [Finding]
  package let shifts: [CleanSeries.LevelShift]
  /// Seasons that there was no time for: values are held against their neighbours and the other seasons alone.
  package private(set) var ignored: [Int] = []

  /// Of `seasons`, the shortest first: once half of the time is spent, the shortest has to do, and after 0.8 none.
  package init(
    _ values: [Double?], seasons: [Int], threshold: Double, timeSpent: @escaping () -> Double = { 0 }
  ) throws(TimeIsUp) {
    var (some, share) = (seasons, seasons.count > 1 ? 0.5 : 0.8)
    while !some.isEmpty {
      var deadline = Deadline(at: share, timeSpent)
      if let scan = try? AnomalyScan(values, some, threshold, &deadline) {
        self = scan
        ignored = Array(seasons.dropFirst(some.count))
        return
      }
      (some, share) = (some.count > 1 ? [some[0]] : [], 0.8)
    }
    var deadline = Deadline(timeSpent)
    self = try AnomalyScan(values, [], threshold, &deadline)
    ignored = seasons
  }

  private init(
    _ values: [Double?], _ seasons: [Int], _ threshold: Double, _ deadline: inout Deadline
  ) throws(TimeIsUp) {
    let greatest = values.compactMap { $0.map(abs) }.max() ?? 0
    let scale = greatest > 0 ? greatest : 1
    let raw = values.map { $0.map { $0 / scale } }
    let series = CleanSeries(raw, seasons: seasons, &deadline)
    if series.unfinished != nil { throw TimeIsUp() }
    shifts = series.shifts.map { CleanSeries.LevelShift(index: $0.index, change: $0.change * scale) }
    let complete = series.seasons.filter { series.values.count >= 2 * $0 }
    // What is expected comes from cleaned values, so that an outlier does not excuse itself.
    let parts = try Decomposition(series.values, seasons: complete, &deadline)
    let half = 3
    let adjusted = parts.adjusted
    let expected = adjusted.indices.map { index in
      Statistics.median(adjusted[max(0, index - half)...min(adjusted.count - 1, index + half)])
        + parts.seasonal(at: index)
    }
    let errors = zip(series.observed, expected).map { $0 - $1 }
    let known = errors.filter { !$0.isNaN }
    let centre = Statistics.median(known)
    let spread = 1.4826 * Statistics.median(known.map { abs($0 - centre) })
    // Where more than half are as expected to the last digit, the mean deviation has to do.
    let unit = max(spread, 0.1 * Statistics.mean(known.map { abs($0 - centre) }), 1e-12)
    findings = errors.indices.compactMap { index in
      guard !errors[index].isNaN, let value = values[index] else { return nil }
      let score = abs(errors[index] - centre) / unit
      guard score > threshold else { return nil }
      let shift = series.observed[index] - (raw[index] ?? 0)
      return Finding(index: index, value: value, expected: (expected[index] - shift) * scale, score: score)
    }
  }
}
