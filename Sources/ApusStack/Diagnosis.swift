package import ApusDeployment

/// One thing that is wrong with a stack, and where.
///
/// An unknown key is a warning, because faas-cli ignores it: a stack that works there has to work here, and people keep
/// notes and other tools' settings in theirs. It is an error if at most two letters divide it from a known key: then it
/// is a slip, and the setting that was meant would be lost in silence. Keys that begin with `x-` are nobody's mistake.
package struct Diagnosis: Hashable, Sendable {
  package typealias Severity = DeploymentProblem.Severity

  package let severity: Severity
  package let place: Place
  /// What is wrong and what to do.
  package let text: String

  package init(_ severity: Severity, _ place: Place, _ text: String) {
    self.severity = severity
    self.place = place
    self.text = text
  }
}

extension Diagnosis: CustomStringConvertible {
  /// `stack.yml:3:5: error: …`, which editors and terminals turn into a link.
  package var description: String {
    let word = severity == .error ? "error" : "warning"
    return "\(place.file):\(place.line):\(place.column): \(word): \(text)"
  }
}
