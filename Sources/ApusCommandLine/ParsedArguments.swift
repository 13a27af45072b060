/// What was given to a command, checked; read each value by its declaration: `try arguments[port]`.
package struct ParsedArguments: Sendable {
  /// The command's names from the program on: `["apus", "secret", "create"]`.
  package let path: [String]
  private let given: [String: [GivenValue]]

  init(path: [String], given: [String: [GivenValue]]) {
    self.path = path
    self.given = given
  }

  package subscript<Value>(option: Option<Value>) -> Value {
    get throws(UsageError) {
      do throws(ArgumentProblem) { return try option.read(values(of: option.form)) } catch {
        throw UsageError(path: path, error)
      }
    }
  }

  package subscript<Value>(positional: Positional<Value>) -> Value {
    get throws(UsageError) {
      do throws(ArgumentProblem) { return try positional.read(values(of: positional.form)) } catch {
        throw UsageError(path: path, error)
      }
    }
  }

  /// A usage error of the command's own making, such as options that exclude each other.
  package func usageError(_ message: String) -> UsageError {
    UsageError(path: path, .custom(message))
  }

  private func values(of form: ArgumentForm) -> [GivenValue] {
    guard let values = given[form.spelling] else {
      // A mistake in the program that no input can cause, and that the first run of the command shows.
      preconditionFailure("\(form.spelling) is read but not declared by \(path.joined(separator: " "))")
    }
    return values
  }
}
