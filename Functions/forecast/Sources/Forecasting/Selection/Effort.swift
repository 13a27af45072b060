/// How much work an answer may cost.
package enum Effort: String, Sendable, CaseIterable {
  case quick
  case normal
  case thorough

  /// Units of work, each about a nanosecond on the machine that it was measured on.
  var allowance: Int {
    switch self {
    case .quick: 30_000_000
    case .normal: 1_500_000_000
    case .thorough: 6_000_000_000
    }
  }

  var folds: Int {
    switch self {
    case .quick: 6
    case .normal: 12
    case .thorough: 16
    }
  }
}
