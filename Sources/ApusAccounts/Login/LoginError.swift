/// The rule that a login breaks.
package enum LoginError: Error, Sendable, Equatable, CustomStringConvertible {
  case tooShort
  case tooLong
  case control
  case noCharacter
  case space
  case divider(Unicode.Scalar)
  case nothingToRead
  case confusable(with: String)

  /// For programs; stable.
  package var rule: String {
    switch self {
    case .tooShort: "too-short"
    case .tooLong: "too-long"
    case .control: "control-character"
    case .noCharacter: "no-character"
    case .space: "space"
    case .divider: "divider"
    case .nothingToRead: "no-letter"
    case .confusable: "confusable"
    }
  }

  package var description: String {
    let (least, most) = (AccountLimits.loginCharacters.lowerBound, AccountLimits.loginCharacters.upperBound)
    return switch self {
    case .tooShort: "a login has at least \(least) characters: choose a longer one"
    case .tooLong: "a login has at most \(most) characters and \(AccountLimits.loginBytes) bytes: choose a shorter one"
    case .control: "a login has no control or invisible characters: leave them out"
    case .noCharacter: "a login has no characters that Unicode gives no meaning: leave them out"
    case .space: "a login has no spaces at its ends, no two in a row and none but the usual one: leave them out"
    case .divider(let scalar): "a login has no `\(scalar)`, which divides parts of links and credentials: leave it out"
    case .nothingToRead: "a login has a letter or a digit: add one"
    case .confusable(let alike):
      "a login can't be told from `\(alike)` by looking: write it in letters of one alphabet that shows"
    }
  }
}
