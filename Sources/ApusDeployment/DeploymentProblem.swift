/// One thing that is wrong with a deployment, and where in it.
package struct DeploymentProblem: Error, Hashable, Sendable {
  package enum Severity: Hashable, Sendable {
    /// The deployment cannot be had as it is written.
    case error
    /// It can, but probably not as it was meant.
    case warning
  }

  package let severity: Severity
  /// In the names of the REST body; empty for the whole.
  package let path: FieldPath
  /// What is wrong and what to do.
  package let text: String

  package init(_ severity: Severity, _ path: FieldPath, _ text: String) {
    self.severity = severity
    self.path = path
    self.text = text
  }
}

extension DeploymentProblem: CustomStringConvertible {
  package var description: String { path.steps.isEmpty ? text : "\(path): \(text)" }
}

extension [DeploymentProblem] {
  package var haveErrors: Bool { contains { $0.severity == .error } }

  mutating func error(_ path: FieldPath, _ text: String) { append(DeploymentProblem(.error, path, text)) }

  mutating func warning(_ path: FieldPath, _ text: String) { append(DeploymentProblem(.warning, path, text)) }
}
