/// A variable of the function's environment that makes no sense.
package struct SettingError: Error, Sendable, Equatable, CustomStringConvertible {
  package var name: String
  package var value: String
  package var expected: String

  package var description: String { "\(name) is “\(value)”, expected \(expected): correct it in stack.yml" }
}
