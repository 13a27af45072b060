/// A pool's counters since it was made; they only grow.
package struct PoolTotals: Hashable, Sendable {
  package var arrivals: UInt64 = 0
  package var starts: UInt64 = 0
  /// Starts of a function that had no replica.
  package var coldStarts: UInt64 = 0
  /// Calls that had to wait.
  package var parked: UInt64 = 0
  /// Replicas that ended without being told to.
  package var crashes: UInt64 = 0
  private var refusals = [UInt64](repeating: 0, count: Refusal.Reason.allCases.count)

  package init() {}

  package subscript(reason: Refusal.Reason) -> UInt64 { refusals[reason.rawValue] }

  mutating func count(_ reason: Refusal.Reason) { refusals[reason.rawValue] += 1 }
}
