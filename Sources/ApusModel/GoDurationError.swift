/// Why a text is not a duration in Go's notation.
package enum GoDurationError: Error, Equatable, Sendable {
  case empty
  /// A number was expected where `rest` begins.
  case missingNumber(text: String, rest: String)
  case missingUnit(text: String)
  case unknownUnit(text: String, unit: String)
  /// Beyond what Go's 64-bit nanoseconds hold, 292 years either way.
  case outOfRange(text: String)
}

extension GoDurationError: CustomStringConvertible {
  private static let expectation = "write numbers with a unit of ns, us, ms, s, m or h, such as 300ms, 1.5s or 1h30m"

  package var description: String {
    switch self {
    case .empty:
      "the duration is empty; \(Self.expectation)"
    case .missingNumber(let text, rest: ""):
      "\(QuotedText(text)) is not a duration: it is a sign without a number; \(Self.expectation)"
    case .missingNumber(let text, let rest):
      "\(QuotedText(text)) is not a duration: a number is missing before \(QuotedText(rest)); \(Self.expectation)"
    case .missingUnit(let text):
      "\(QuotedText(text)) is not a duration: the last number has no unit; \(Self.expectation)"
    case .unknownUnit(let text, let unit):
      "\(QuotedText(text)) is not a duration: \(QuotedText(unit)) is not a unit of time; \(Self.expectation)"
    case .outOfRange(let text):
      "\(QuotedText(text)) is too long: a duration ends at 2562047h47m, which is 292 years; write a shorter one"
    }
  }
}
