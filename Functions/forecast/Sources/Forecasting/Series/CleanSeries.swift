/// A series as models can take it, and what was done to it.
package struct CleanSeries: Sendable {
  package struct Outlier: Sendable {
    package var index: Int
    package var value: Double
    package var replacement: Double
  }
  package struct LevelShift: Sendable {
    /// The first value on the new level.
    package var index: Int
    package var change: Double
  }

  /// Without gaps, gross outliers and level shifts.
  package private(set) var values: [Double]
  /// What was observed, on the last level; NaN where nothing was.
  package private(set) var observed: [Double]
  package private(set) var missing: [Int]
  package private(set) var outliers: [Outlier] = []
  package private(set) var shifts: [LevelShift] = []
  /// Mostly zeros, which then are no gap in demand but how it comes.
  package let isIntermittent: Bool
  package let seasons: [Int]
  package let causes: KnownCauses
  /// What time was up for; what comes after it is not done either.
  package private(set) var unfinished: Stage?

  /// What is cleaned, in this order.
  package enum Stage: Sendable {
    case gaps
    case outliers
    case levelShifts
  }

  package init(
    _ raw: [Double?], seasons: [Int], causes: KnownCauses = KnownCauses([]), _ deadline: inout Deadline
  ) {
    self.causes = causes
    self.seasons = seasons.filter { $0 > 1 }
    missing = raw.indices.filter { raw[$0] == nil }
    observed = raw.map { $0 ?? .nan }
    values = Self.joined(raw)
    let zeros = raw.count { $0 == 0 }
    isIntermittent = raw.count >= 12 && values.allSatisfy { $0 >= 0 } && zeros * 10 >= (raw.count - missing.count) * 4
    guard !isIntermittent, values.count >= 8 else { return }
    // What a known cause did is taken out like a gap: it is put back by its cause, not by its season.
    let gaps = Set(missing).union(causes.all.filter { $0 < raw.count })
    var stage = Stage.gaps
    do throws(TimeIsUp) {
      try deadline.check()
      if !gaps.isEmpty { values = try Self.filled(values, gaps, self.seasons, &deadline) }
      stage = .outliers
      try deadline.check()
      try replaceOutliers(gaps, &deadline)
      stage = .levelShifts
      try deadline.check()
      try levelShifts(&deadline)
    } catch {
      unfinished = stage
      if stage == .gaps { values = Self.joined(values, without: gaps) }
    }
  }

  /// How the values at known causes differ from what would have been, in the scale of `transform`; nil elsewhere.
  func differences(_ transform: Transform) -> [Double?] {
    var differences: [Double?] = Array(repeating: nil, count: values.count)
    for step in causes.all where step < values.count && !observed[step].isNaN {
      differences[step] = transform.apply(observed[step]) - transform.apply(values[step])
    }
    return differences
  }

  /// Straight lines across what is nil; the ends are held.
  package static func joined(_ raw: [Double?]) -> [Double] {
    var values: [Double] = []
    values.reserveCapacity(raw.count)
    var gap = 0
    for value in raw {
      guard let value else {
        gap += 1
        continue
      }
      let before = values.last ?? value
      for step in 0..<gap { values.append(before + (value - before) * Double(step + 1) / Double(gap + 1)) }
      values.append(value)
      gap = 0
    }
    let last = values.last ?? 0
    values += Array(repeating: last, count: gap)
    return values
  }

  private static func joined(_ values: [Double], without gaps: Set<Int>) -> [Double] {
    joined(values.enumerated().map { gaps.contains($0.offset) ? nil : $0.element })
  }

  /// Values at `gaps` anew: a straight line for what is not seasonal, and the season on top.
  private static func filled(
    _ values: [Double], _ gaps: Set<Int>, _ seasons: [Int], _ deadline: inout Deadline
  ) throws(TimeIsUp) -> [Double] {
    let complete = seasons.filter { values.count >= 3 * $0 }
    guard !complete.isEmpty else { return joined(values, without: gaps) }
    var current = values
    // The first round's season still has the straight lines in it.
    for _ in 0..<2 {
      let parts = try Decomposition(current, seasons: complete, &deadline)
      let adjusted = joined(parts.adjusted, without: gaps)
      for index in gaps { current[index] = adjusted[index] + parts.seasonal(at: index) }
    }
    return current
  }

  private mutating func replaceOutliers(_ gaps: Set<Int>, _ deadline: inout Deadline) throws(TimeIsUp) {
    var found: Set<Int> = []
    var current = values
    var isClean = false
    for _ in 0..<8 where !isClean {
      let remainder = try Self.remainder(current, seasons, &deadline)
      let sorted = remainder.sorted()
      let (low, high) = (Statistics.quantile(sorted: sorted, 0.25), Statistics.quantile(sorted: sorted, 0.75))
      let reach = 4 * (high - low)
      // More than half of the steps are equal: whatever differs would be an outlier.
      guard reach > 0 else { return }
      let excess = remainder.indices.map { index -> Double in
        gaps.contains(index) ? 0 : max(remainder[index] - high - reach, low - reach - remainder[index], 0)
      }
      let most = excess.max() ?? 0
      isClean = most == 0
      if isClean { break }
      // A gross one pulls its season along: what looks odd beside it may be plain once it is gone.
      found.formUnion(excess.indices.filter { excess[$0] >= most / 2 })
      // So many are no accident: the series is like that, and intervals have to say it.
      guard found.count * 33 <= values.count else { return }
      current = try Self.filled(current, gaps.union(found), seasons, &deadline)
    }
    // Where each round finds more, jumps are its nature.
    guard isClean else { return }
    outliers = found.sorted().map { Outlier(index: $0, value: values[$0], replacement: current[$0]) }
    values = current
  }

  private static func adjusted(
    _ values: [Double], _ seasons: [Int], _ deadline: inout Deadline
  ) throws(TimeIsUp) -> [Double] {
    let complete = seasons.filter { values.count >= 3 * $0 }
    return complete.isEmpty ? values : try Decomposition(values, seasons: complete, &deadline).adjusted
  }

  private static func remainder(
    _ values: [Double], _ seasons: [Int], _ deadline: inout Deadline
  ) throws(TimeIsUp) -> [Double] {
    let adjusted = try Self.adjusted(values, seasons, &deadline)
    // With sorting of a window for each of them.
    try deadline.pass(300 * adjusted.count)
    let half = seasons.contains { values.count >= 3 * $0 } ? 3 : 2
    return adjusted.indices.map { index in
      adjusted[index] - Statistics.median(adjusted[max(0, index - half)...min(adjusted.count - 1, index + half)])
    }
  }

  private mutating func levelShifts(_ deadline: inout Deadline) throws(TimeIsUp) {
    // A season that the window does not cover would look like a shift.
    let window = max(10, min(values.count / 8, 28))
    guard values.count >= 6 * window else { return }
    let adjusted = try Self.adjusted(values, seasons, &deadline)
    var changes = Array(repeating: 0.0, count: values.count)
    for index in window...(values.count - window) where index < values.count {
      try deadline.pass(100 * window)
      changes[index] =
        Statistics.median(adjusted[index..<(index + window)]) - Statistics.median(adjusted[(index - window)..<index])
    }
    let usual = changes[window..<(values.count - window)]
    let centre = Statistics.median(usual)
    let spread = 1.4826 * Statistics.median(usual.map { abs($0 - centre) })
    let differences = zip(adjusted.dropFirst(), adjusted).map { $0 - $1 }
    let noise = 1.4826 * Statistics.median(differences.map { abs($0) })
    guard let index = usual.indices.max(by: { abs(usual[$0] - centre) < abs(usual[$1] - centre) }) else { return }
    let change = changes[index] - centre
    guard abs(change) > 6 * spread, abs(change) > 5 * noise, noise > 0, let place = jump(adjusted, index, change)
    else { return }
    shifts = [LevelShift(index: place, change: change)]
    for index in 0..<place {
      values[index] += change
      observed[index] += change
    }
  }

  /// Where within a few steps of `index` most of the change happens; nil if it comes gradually.
  private func jump(_ values: [Double], _ index: Int, _ change: Double) -> Int? {
    let near = max(3, index - 4)...min(values.count - 3, index + 4)
    let found = near.map { place in
      (place, Statistics.mean(values[place..<(place + 3)]) - Statistics.mean(values[(place - 3)..<place]))
    }.max { $0.1 * change < $1.1 * change }
    guard let found, found.1 / change > 0.6 else { return nil }
    return found.0
  }
}
