import ApusModel

/// How long a token is good for, as people write it: `30d`, `12h`, `never`.
package enum TokenLife: Sendable, Equatable {
  case seconds(Int64)
  case unlimited

  /// Unless somebody says otherwise: a token that was forgotten ends by itself.
  package static let usual = TokenLife.seconds(30 * day)

  private static let day: Int64 = 86_400

  package init(_ text: String) throws(TokenLifeError) {
    if text == "never" {
      self = .unlimited
      return
    }
    guard let seconds = TokenLife.seconds(text), seconds > 0, seconds <= AccessLimits.tokenDays * TokenLife.day else {
      throw TokenLifeError(text: String(text.prefix(40)))
    }
    self = .seconds(seconds)
  }

  private static func seconds(_ text: String) -> Int64? {
    if text.hasSuffix("d") {
      let digits = text.dropLast()
      // `Int64` itself would take a sign.
      guard !digits.isEmpty, digits.utf8.count <= 6, digits.utf8.allSatisfy({ 0x30...0x39 ~= $0 }) else { return nil }
      return Int64(digits).map { $0 * day }
    }
    return (try? GoDuration.parse(text))?.components.seconds
  }
}

/// A text that says no time for a token to live.
package struct TokenLifeError: Error, Sendable, Equatable, CustomStringConvertible {
  package let text: String

  package init(text: String) {
    self.text = text
  }

  package var description: String {
    "\(text.debugDescription) is no time for a token to live: write 30d or 12h, \(AccessLimits.tokenDays)d at most, "
      + "or never"
  }
}
