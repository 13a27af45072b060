/// What a command throws to end the program with a status of its choice, having said all there is to say.
package struct ExitStatus: Error, Equatable, Sendable {
  package let code: Int32

  package init(_ code: Int32) {
    self.code = code
  }
}
