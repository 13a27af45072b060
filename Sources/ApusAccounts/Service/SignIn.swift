/// What a person sends to sign in.
package struct SignIn: Sendable {
  package enum Factor: Sendable {
    case totp(String)
    case recoveryCode(String)
  }

  package let login: String
  package let password: String
  package let factor: Factor

  package init(login: String, password: String, factor: Factor) {
    self.login = login
    self.password = password
    self.factor = factor
  }

  var recorded: AccountEvent.Factor {
    if case .totp = factor { .totp } else { .recovery }
  }
}

extension SignIn: CustomStringConvertible, CustomReflectable {
  package var description: String { "sign-in" }
  package var customMirror: Mirror { Mirror(self, children: []) }
}
