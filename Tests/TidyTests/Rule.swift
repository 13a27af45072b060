import Testing

/// A rule about one file at a time: text in, offences out, so that each can be shown to fail.
struct Rule: Sendable, CustomTestStringConvertible {
  let name: String
  let check: @Sendable (SourceFile) -> [Offence]

  var testDescription: String { name }

  static let all: [Rule] = lengths + banned + escapes + imports + words
}
