/// So many new accounts from one address in an hour.
package enum CreationThrottle {
  static let window: Int64 = 3_600_000

  package enum Verdict: Sendable, Equatable {
    case allowed(Strikes)
    /// Whole seconds for `Retry-After`.
    case wait(seconds: Int64)
  }

  /// `strikes` begin with the window's first creation.
  package static func decide(_ strikes: Strikes, limit: Int64, at milliseconds: Int64) -> Verdict {
    let age = milliseconds - strikes.last
    guard strikes.count > 0, 0..<window ~= age else { return .allowed(Strikes(count: 1, last: milliseconds)) }
    if strikes.count >= limit { return .wait(seconds: (window - age + 999) / 1_000) }
    return .allowed(Strikes(count: strikes.count + 1, last: strikes.last))
  }
}
