import Apus
package import Forecasting
import Synchronization

/// The time of a call, of which each of its series has a share.
package final class SharedTime: Sendable {
  private struct Places {
    var waiting: Int
    var running = 0
  }

  /// From when until when a series may take.
  package struct Turn: Sendable {
    fileprivate let reading: Duration
    package let start: ContinuousClock.Instant
    package let end: ContinuousClock.Instant

    /// The time for its models. What it took to prepare it counts as what it took to read it does.
    package func computing(_ effort: Effort, from now: ContinuousClock.Instant) -> ComputingTime {
      ComputingTime(effort, reading: reading + start.duration(to: now), from: now, deadline: end)
    }
  }

  /// How long it took to read all series, which counts for each.
  private let reading: Duration
  private let end: ContinuousClock.Instant
  private let least: Duration?
  /// Kept for each series that waits, whatever those before it need: half of an even part, or all of it where
  /// there is little. Twice what it needs at least is enough, and some of it is lost to those that end late.
  private let kept: Duration
  private let places: Mutex<Places>

  package init(
    _ asked: ForecastRequest, by deadline: ContinuousClock.Instant, from now: ContinuousClock.Instant = .now
  ) {
    reading = asked.reading
    // A tenth of what is left of the call is for writing down what the series of a set say.
    end = asked.seriesSet == nil ? deadline : now + now.duration(to: deadline) * 0.9
    least = asked.seriesSet == nil ? nil : ForecastLimits.memberTime
    let count = asked.seriesSet?.readable ?? 1
    let even = now.duration(to: end) / max(count, 1)
    kept = max(even / 2, min(ForecastLimits.memberTime * 2, even))
    places = Mutex(Places(waiting: count))
  }

  /// Begins a series, which may go on as long as something is left beyond what is kept for those that wait, or for an
  /// even part of what is left: one that needs more than others has it, and does not take all.
  package func begin(at now: ContinuousClock.Instant = .now) throws -> Turn {
    let left = now.duration(to: end)
    if let least, left < least {
      throw Problem(
        .gatewayTimeout, "There was no time for this series",
        detail: "Those before it took what the call had: send fewer of them, or a longer X-Timeout.")
    }
    let share = places.withLock { places in
      places.waiting -= 1
      places.running += 1
      let even = left * (Double(places.running) / Double(places.running + places.waiting))
      return max(even, left - kept * places.waiting)
    }
    return Turn(reading: reading, start: now, end: now + share)
  }

  package func finish() {
    places.withLock { $0.running -= 1 }
  }
}
