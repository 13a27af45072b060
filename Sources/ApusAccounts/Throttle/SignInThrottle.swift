/// Slows down who guesses: five failures are free, then the wait doubles from one second to 15 minutes, and at a
/// hundred the account is disabled. The clock is the store's readers', so that all replicas count together.
package enum SignInThrottle {
  static let free: Int64 = 5
  static let firstWait: Int64 = 1_000
  static let longestWait: Int64 = 900_000
  /// Milliseconds without a failure from a network after which one is forgotten, and all are.
  private static let forgettingOne: Int64 = 300_000
  private static let forgetting: Int64 = 3_600_000
  /// Consecutive failures (NIST SP 800-63B section 5.2.2).
  package static let disabling: Int64 = 100

  /// Milliseconds that have to go by after the last failure.
  package static func wait(after failures: Int64) -> Int64 {
    guard failures >= free else { return 0 }
    // 1 s doubled ten times is more than the longest wait.
    return min(longestWait, firstWait << min(failures - free, 10))
  }

  /// Whole seconds for `Retry-After`; nil if an attempt may be looked at. A clock that was set back makes nobody wait
  /// longer than one wait.
  package static func delay(_ strikes: Strikes, at milliseconds: Int64) -> Int64? {
    let left = wait(after: strikes.count) - max(0, milliseconds - strikes.last)
    return left > 0 ? (left + 999) / 1_000 : nil
  }

  /// One failure more.
  package static func struck(_ strikes: Strikes, at milliseconds: Int64) -> Strikes {
    Strikes(count: min(strikes.count, 1_000_000) + 1, last: milliseconds)
  }

  /// What is left of a network's failures when another one comes: each five minutes without one forget one, and an hour
  /// all. Others sit there now, and no success forgives, since whoever has one account could guess at the others' so.
  /// Twelve more tries in an hour are about what a guesser gets who waits for the hour to end.
  package static func remembered(_ strikes: Strikes, at milliseconds: Int64) -> Strikes {
    let age = max(0, milliseconds - strikes.last)
    guard age < forgetting else { return .none }
    return Strikes(count: max(0, strikes.count - age / forgettingOne), last: strikes.last)
  }

  package static func isDisabling(_ strikes: Strikes) -> Bool { strikes.count >= disabling }
}
