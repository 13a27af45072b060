import CLinux

/// A point of monotonic time, in nanoseconds since the machine started.
///
/// Eight bytes instead of `ContinuousClock.Instant`'s sixteen, because timers compare it millions of times a second.
package struct Instant: Comparable, Hashable, Sendable {
  package var nanoseconds: UInt64

  package init(nanoseconds: UInt64) {
    self.nanoseconds = nanoseconds
  }

  /// Later than every clock will ever show.
  package static let never = Instant(nanoseconds: .max)

  package static func now() -> Instant {
    Instant(nanoseconds: apus_monotonic_nanoseconds())
  }

  package static func < (left: Instant, right: Instant) -> Bool {
    left.nanoseconds < right.nanoseconds
  }

  /// A sum past the end of time is `never`; before its beginning, the beginning.
  package static func + (instant: Instant, duration: Duration) -> Instant {
    let added = duration.nanosecondsClamped
    if added < 0 {
      let (value, overflow) = instant.nanoseconds.subtractingReportingOverflow(added.magnitude)
      return overflow ? Instant(nanoseconds: 0) : Instant(nanoseconds: value)
    }
    let (value, overflow) = instant.nanoseconds.addingReportingOverflow(UInt64(added))
    return overflow ? .never : Instant(nanoseconds: value)
  }

  /// How long from `earlier` to here; zero if `earlier` is later.
  package func since(_ earlier: Instant) -> Duration {
    guard self > earlier else { return .zero }
    return .nanoseconds(Int64(clamping: nanoseconds - earlier.nanoseconds))
  }
}

extension Duration {
  /// Whole nanoseconds, held within what 64 bits can say (292 years).
  package var nanosecondsClamped: Int64 {
    Int64(clamping: attoseconds / 1_000_000_000)
  }
}
