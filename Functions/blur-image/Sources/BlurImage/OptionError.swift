/// A value that an option does not take.
package struct OptionError: Error, Sendable, Equatable {
  package var field: String
  package var value: String
  /// What it takes.
  package var limit: String
}
