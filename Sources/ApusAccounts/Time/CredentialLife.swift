import ApusModel
import Glibc

/// How long credentials are good for, as `credential_max_age` says.
package enum CredentialLife: Sendable, Equatable {
  case unlimited
  /// Calendar months in UTC; what falls beyond a month's end falls on its last day.
  case months(Int)
  case seconds(Int64)

  package static let usual = CredentialLife.months(6)

  /// `6mo`, `180d`, a Go duration, or `0` for no end; nil for anything else.
  package init?(_ text: String) {
    if text == "0" || text == "never" {
      self = .unlimited
    } else if text.hasSuffix("mo"), let months = CredentialLife.number(text.dropLast(2)), 1...1_200 ~= months {
      self = .months(months)
    } else if text.hasSuffix("d"), let days = CredentialLife.number(text.dropLast()), 1...36_500 ~= days {
      self = .seconds(Int64(days) * 86_400)
    } else if let seconds = (try? GoDuration.parse(text))?.components.seconds, seconds > 0 {
      self = .seconds(seconds)
    } else {
      return nil
    }
  }

  /// Unix seconds of the end; nil for none.
  package func end(from start: Int64) -> Int64? {
    switch self {
    case .unlimited: nil
    case .months(let months): UTC.adding(months: months, to: start)
    case .seconds(let seconds): start + seconds
    }
  }

  private static func number(_ text: Substring) -> Int? {
    guard (1...5).contains(text.utf8.count), text.utf8.allSatisfy({ 0x30...0x39 ~= $0 }) else { return nil }
    return Int(text)
  }
}
