/// A value as text, and who gave it.
package struct GivenValue: Sendable, Equatable {
  package enum Source: Sendable, Equatable {
    case commandLine
    case environment(String)
    case declaredDefault
  }

  package let text: String
  package let source: Source

  init(_ text: String, _ source: Source) {
    self.text = text
    self.source = source
  }
}
