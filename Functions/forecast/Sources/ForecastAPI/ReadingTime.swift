package import Forecasting
import Synchronization

/// Until when the request at hand may be read, which those who decode it look for here: all they are given is the text.
package final class ReadingTime: Sendable {
  @TaskLocal static var current: ReadingTime?

  private let start: ContinuousClock.Instant
  private let deadline: ContinuousClock.Instant
  private let things = Atomic(0)

  init(from start: ContinuousClock.Instant, by deadline: ContinuousClock.Instant) {
    self.start = start
    self.deadline = deadline
  }

  /// Counts what was read, whatever and wherever it is, and looks at the clock every so often.
  func tick(_ count: Int = 1) throws(TimeIsUp) {
    let (before, after) = things.wrappingAdd(count, ordering: .relaxed)
    guard before / ForecastLimits.thingsBetweenLooks < after / ForecastLimits.thingsBetweenLooks else { return }
    let now = ContinuousClock.now
    try Self.check(start.duration(to: now), at: now, by: deadline)
  }

  /// Throws if reading took four fifths of what the call had for it: how long the caller took to send does not count.
  package static func check(
    _ reading: Duration, at now: ContinuousClock.Instant, by deadline: ContinuousClock.Instant
  ) throws(TimeIsUp) {
    let time = ComputingTime(nil, reading: .zero, from: now - reading, deadline: deadline)
    guard time.spent(at: now) < 1 else { throw TimeIsUp() }
  }
}
