/// A sign-in that succeeded.
package struct SignedIn: Sendable {
  package let token: String
  package let refreshToken: String
  package let credentialsExpireAt: Int64?
  /// Whole days until then, in the last thirty.
  package let daysLeft: Int64?
  package let renewal: String?
}

extension SignedIn: CustomStringConvertible, CustomReflectable {
  package var description: String { "signed in" }
  package var customMirror: Mirror { Mirror(self, children: []) }
}
