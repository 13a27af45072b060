/// A password and a TOTP secret, which are made together and end together.
package struct Pair: Sendable, Equatable {
  package let version: Int64
  package var password: PasswordHash
  package var secret: SealedField
  /// The last time step whose code was taken; only later ones are.
  package var lastStep: Int64
  package var recovery: RecoveryCodes
  /// Nil for no end.
  package let expiresAt: Int64?
  /// When it is gone unless somebody signs in with it before; nil from then on, and for an account's first pair, whose
  /// account dies instead.
  package var diesAt: Int64?

  package init(
    version: Int64, password: PasswordHash, secret: SealedField, lastStep: Int64 = -1, recovery: RecoveryCodes,
    expiresAt: Int64?, diesAt: Int64? = nil
  ) {
    self.version = version
    self.password = password
    self.secret = secret
    self.lastStep = lastStep
    self.recovery = recovery
    self.expiresAt = expiresAt
    self.diesAt = diesAt
  }

  package func isExpired(at now: Int64) -> Bool { expiresAt.map { $0 <= now } ?? false }
}
