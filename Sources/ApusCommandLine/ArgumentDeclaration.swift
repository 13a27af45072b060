/// An option or positional argument, its value's type forgotten, so that a command can list them all.
package protocol ArgumentDeclaration: Sendable {
  var form: ArgumentForm { get }
  /// Throws what is wrong with the values given, if anything.
  func check(_ given: [GivenValue]) throws(ArgumentProblem)
}
