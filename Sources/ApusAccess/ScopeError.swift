import ApusModel

/// A word that is no scope.
package struct ScopeError: Error, Sendable, Equatable, CustomStringConvertible {
  package let word: String

  package var description: String {
    let known = Scope.allCases.map(\.rawValue).joined(separator: ", ")
    return "there is no scope \(word.debugDescription): choose among \(known)"
  }
}
