import ApusAccess

/// Credentials in clear text, between their making and the one answer that shows them.
package struct NewCredentials: Sendable {
  package let login: Login
  package let account: AccountID
  package let expiresAt: Int64?
  package let activateBefore: Int64
  package let password: String
  package let enrolment: EnrolmentURI
  package let recoveryCodes: [String]
}

extension NewCredentials: CustomStringConvertible, CustomReflectable {
  package var description: String { "credentials of \(account)" }
  package var customMirror: Mirror { Mirror(self, children: []) }
}

extension Accounts {
  /// New credentials, and the pair that is kept of them. Hashes.
  func makePair(
    of account: AccountID, _ login: Login, version: Int64, at now: Int64
  ) throws(AccountError) -> (Pair, NewCredentials) {
    let password = PasswordMaker.make()
    let secret = Sodium.randomBytes(OneTimePassword.secretSize)
    let (texts, recovery) = RecoveryCodes.make()
    let pair = Pair(
      version: version, password: try PasswordHash(of: password),
      secret: SealedField(sealing: secret, of: account, version: version, keys), recovery: recovery,
      expiresAt: settings.credentialLife.end(from: now))
    let credentials = NewCredentials(
      login: login, account: account, expiresAt: pair.expiresAt, activateBefore: now + settings.pendingLife,
      password: password, enrolment: EnrolmentURI(issuer: settings.issuer, login: login.text, secret: secret),
      recoveryCodes: texts)
    return (pair, credentials)
  }
}
