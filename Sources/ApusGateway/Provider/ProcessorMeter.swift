package import ApusIO

/// Makes a rate of processor time that only grows: what was used between two looks.
package struct ProcessorMeter: Sendable {
  /// Looks nearer to each other count as one, since the kernel counts in steps of milliseconds.
  package static let shortest = Duration.milliseconds(500)

  private struct Look {
    var at: Instant
    var used: Duration
  }

  /// The latest that is long enough ago, or the birth.
  private var older: Look
  private var latest: Look

  /// `now`: the birth, at which nothing was used.
  package init(now: Instant) {
    older = Look(at: now, used: .zero)
    latest = older
  }

  /// Thousandths of a processor since the look before.
  package mutating func milliCPU(used: Duration, now: Instant) -> Double {
    if now.since(latest.at) >= ProcessorMeter.shortest {
      older = latest
      latest = Look(at: now, used: used)
    }
    let time = now.since(older.at)
    // A family whose members end uses less than it did; then nothing can be said.
    guard time > .zero, used > older.used else { return 0 }
    return (used - older.used) / time * 1000
  }
}
