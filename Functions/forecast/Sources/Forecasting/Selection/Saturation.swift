/// When a limit is met.
package struct Saturation: Sendable, Equatable {
  /// The first step, counted from 0, at which the mean is beyond the limit; nil if it stays within.
  package var step: Int?
  /// The first step at which the widest interval reaches the limit.
  package var earliest: Int?
  /// The first step at which the whole widest interval is beyond the limit.
  package var latest: Int?
  /// That some step of the horizon is beyond the limit; no less than the likeliest step alone.
  package var probability: Double

  /// From steps that may go on after the horizon.
  init(
    _ capacity: Question.Capacity, _ steps: [Outcome.Step], horizon: Int, probability above: (Int, Double) -> Double
  ) {
    func isBeyond(_ value: Double) -> Bool { capacity.isAbove ? value >= capacity.limit : value <= capacity.limit }
    func near(_ step: Outcome.Step) -> Double {
      (capacity.isAbove ? step.intervals.last?.high : step.intervals.last?.low) ?? step.mean
    }
    func far(_ step: Outcome.Step) -> Double {
      (capacity.isAbove ? step.intervals.last?.low : step.intervals.last?.high) ?? step.mean
    }
    step = steps.firstIndex { isBeyond($0.mean) }
    earliest = steps.firstIndex { isBeyond(near($0)) }
    latest = steps.firstIndex { isBeyond(far($0)) }
    var most = 0.0
    for (index, step) in steps.prefix(horizon).enumerated() {
      let share = above(index, step.mean)
      // Where nothing but one value is left, it meets the limit or does not.
      let isCertain = near(step) == far(step)
      most = max(most, isCertain ? (isBeyond(step.mean) ? 1 : 0) : capacity.isAbove ? share : 1 - share)
    }
    probability = most
  }
}
