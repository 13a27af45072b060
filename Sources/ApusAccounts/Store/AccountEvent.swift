/// One thing that happened to an account or was tried: for the record, and never with a secret.
package struct AccountEvent: Sendable, Equatable {
  package enum Factor: String, Sendable {
    case totp, recovery, refresh, claim, renewal, creation, `operator`
  }

  package enum Outcome: String, Sendable {
    case succeeded, refused, throttled, expired
    /// The account is no more; the event has no subject.
    case purged
    case disabled, enabled, reset, exported
  }

  /// Unix seconds.
  package let at: Int64
  /// The account's id, or what stands for a login that no account has; nil for a tombstone.
  package let subject: String?
  package let factor: Factor
  package let outcome: Outcome
  /// Truncated, so that it names a network and no person.
  package let address: String?

  package init(at: Int64, subject: String?, factor: Factor, outcome: Outcome, address: String?) {
    self.at = at
    self.subject = subject
    self.factor = factor
    self.outcome = outcome
    self.address = address
  }
}
