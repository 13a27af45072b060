/// A value that an option does not take.
package struct OptionError: Error, Sendable, Equatable, CustomStringConvertible {
  package var field: String
  package var value: String
  /// What it takes.
  package var limit: String

  package var description: String { "\(field) is \(value.isEmpty ? "empty" : "“\(value)”"), expected \(limit)." }
}
