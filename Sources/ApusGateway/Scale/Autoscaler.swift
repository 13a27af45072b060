package import ApusIO
package import ApusModel

/// How many replicas a function should have: a function of demand, policy and time, with the history that it needs.
///
/// Up at once, down to the most that the down window asked for, to zero after the zero duration without a call.
package struct Autoscaler: Sendable {
  private var recent = SlidingMaximum()

  package init() {}

  package mutating func desired(demand: Demand, policy: ScalePolicy, now: Instant) -> Int {
    guard !policy.sleeps(demand, now: now) else {
      // The zero duration is the whole condition for sleep: a longer down window does not delay it.
      recent = SlidingMaximum()
      return policy.floor
    }
    // Not asleep yet: the last replica stays, even after a down window of zero.
    let wanted = max(policy.replicas(for: demand), 1)
    return policy.bounded(recent.record(wanted, at: now, window: policy.downWindow))
  }

  /// Forgets what was, after somebody set the count by hand: from there it goes on as if the window had asked for it.
  package mutating func restart(at count: Int, policy: ScalePolicy, now: Instant) {
    recent = SlidingMaximum()
    _ = recent.record(count, at: now, window: policy.downWindow)
  }
}
