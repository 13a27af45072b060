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

  package init(_ values: [Double?], seasons: [Int], threshold: Double) {
    let greatest = values.compactMap { $0.map(abs) }.max() ?? 0
    let scale = greatest > 0 ? greatest : 1
    let raw = values.map { $0.map { $0 / scale } }
    let series = CleanSeries(raw, seasons: seasons)
    shifts = series.shifts.map { CleanSeries.LevelShift(index: $0.index, change: $0.change * scale) }
    let complete = series.seasons.filter { series.values.count >= 2 * $0 }
    // What is expected comes from cleaned values, so that an outlier does not excuse itself.
    let parts = Decomposition(series.values, seasons: complete)
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
