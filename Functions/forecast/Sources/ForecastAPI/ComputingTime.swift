package import Forecasting

/// From when until when an answer may be computed.
package struct ComputingTime: Sendable {
  package let start: ContinuousClock.Instant
  package let end: ContinuousClock.Instant

  /// The effort's time, if it has one, or four fifths of what is left of the call, whichever is less: the rest is for
  /// writing the answer, and for whoever waits behind.
  ///
  /// What it took to read the request counts, but takes no more than half of the effort's time: however long a CSV is,
  /// there is some left for models.
  package init(
    _ effort: Effort?, reading: Duration, from start: ContinuousClock.Instant, deadline: ContinuousClock.Instant
  ) {
    self.start = start
    let share = start.duration(to: deadline) * 0.8
    guard let effort else {
      end = start + share
      return
    }
    let all = Duration.seconds(ForecastLimits.seconds(effort))
    end = start + min(max(all - reading, all / 2), share)
  }

  /// The share that is spent; 1 where there never was any.
  package func spent(at now: ContinuousClock.Instant) -> Double {
    start < end ? start.duration(to: now) / start.duration(to: end) : 1
  }
}
