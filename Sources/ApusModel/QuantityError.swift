/// Why a text is not a Kubernetes quantity, or not one that can be counted.
package enum QuantityError: Error, Equatable, Sendable {
  case empty
  case missingNumber(text: String)
  case unknownSuffix(text: String, suffix: String)
  case negative(text: String)
  /// More than 2^63 - 1 units, Kubernetes' own limit; for milli-units, more than 64 bits hold.
  case tooLarge(text: String)
}

extension QuantityError: CustomStringConvertible {
  private static let expectation =
    "write a number, then nothing or one of n u m k M G T P E Ki Mi Gi Ti Pi Ei, such as 128Mi, 0.5 or 500m"

  package var description: String {
    switch self {
    case .empty:
      "the quantity is empty; \(Self.expectation)"
    case .missingNumber(let text):
      "\(QuotedText(text)) is not a quantity: it does not begin with a number; \(Self.expectation)"
    case .unknownSuffix(let text, let suffix):
      "\(QuotedText(text)) is not a quantity: \(QuotedText(suffix)) is not a suffix; \(Self.expectation)"
    case .negative(let text):
      "\(QuotedText(text)) is negative: nothing can be given less than nothing; write 0 or more"
    case .tooLarge(let text):
      "\(QuotedText(text)) is larger than can be counted; write a smaller number or suffix"
    }
  }
}
