/// A command line that cannot be run, and where to find how to write it.
package struct UsageError: Error, Equatable, Sendable {
  /// The names up to the command at which parsing stopped.
  package let path: [String]
  package let problem: ArgumentProblem

  init(path: [String], _ problem: ArgumentProblem) {
    self.path = path
    self.problem = problem
  }
}

extension UsageError: CustomStringConvertible {
  package var description: String {
    let command = path.joined(separator: " ")
    return "\(command): \(problem)\nRun \"\(command) --help\" for how to use it."
  }
}
