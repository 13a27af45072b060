/// Why a deployment was refused: everything that is wrong with it.
package struct DeploymentError: Error, Hashable, Sendable {
  /// At least one error; warnings too, in the order in which they were found.
  package let problems: [DeploymentProblem]

  package init(_ problems: [DeploymentProblem]) {
    self.problems = problems
  }
}

extension DeploymentError: CustomStringConvertible {
  /// One line an error.
  package var description: String {
    problems.filter { $0.severity == .error }.map(\.description).joined(separator: "\n")
  }
}
