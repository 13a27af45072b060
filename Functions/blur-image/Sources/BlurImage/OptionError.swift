/// A value that an option does not take.
package struct OptionError: Error, Sendable, Equatable, CustomStringConvertible {
  package var field: String
  package var value: String
  /// What it takes.
  package var limit: String

  /// Of what the caller wrote no more than it takes to find it again.
  package init(field: String, value: String, limit: String) {
    self.field = Self.beginning(of: field, 40)
    self.value = Self.beginning(of: value, 100)
    self.limit = limit
  }

  /// In scalars: one character may have megabytes of accents.
  static func beginning(of text: String, _ most: Int) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.prefix(most)))
  }

  package var description: String { "\(field) is \(value.isEmpty ? "empty" : "“\(value)”"), expected \(limit)." }
}
