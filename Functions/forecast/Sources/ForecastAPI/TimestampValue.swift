import ApusJSON

/// A text, or Unix time.
package enum TimestampValue: Decodable, Sendable {
  case text(String)
  case number(Double)

  /// Looks before it reads: a failed attempt finds its place in the text, which for each of a long list is quadratic.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    switch try container.decode(ApusJSON.JSON.self) {
    case .string(let text): self = .text(text)
    case .integer(let number): self = .number(Double(number))
    case .number(let number): self = .number(number)
    // Fails, and says what was expected.
    default: self = .number(try container.decode(Double.self))
    }
  }
}
