package import ApusIO

/// What there is to create, sign in and look after accounts: the verbs are in extensions of this.
package struct Accounts: Sendable {
  package let settings: AccountSettings
  package let keys: AccountKeys
  package let store: any AccountStore
  package let gate: HashGate
  /// The server's time; nobody else's counts.
  private let clock: @Sendable () -> WallClock

  package init(
    _ settings: AccountSettings, _ keys: AccountKeys, _ store: any AccountStore,
    clock: @escaping @Sendable () -> WallClock = { .now() }
  ) {
    self.settings = settings
    self.keys = keys
    self.store = store
    self.clock = clock
    gate = HashGate(places: settings.hashesAtOnce)
  }

  /// Unix seconds.
  package var now: Int64 { clock().seconds }

  /// Unix milliseconds.
  var nowInMilliseconds: Int64 {
    let time = clock()
    return time.seconds * 1_000 + time.nanoseconds / 1_000_000
  }

  /// Changes an account by `change`, over whatever others change meanwhile; nil if there is no such account (any more).
  ///
  /// `change` runs again on the newer account when somebody was faster, so it decides from what it is given alone.
  func update<Value>(
    _ load: () throws(AccountError) -> Account?, _ change: (inout Account) throws -> Value
  ) throws -> Value? {
    for _ in 0..<AccountLimits.attempts {
      guard var account = try load(), !account.isDead(at: now) else { return nil }
      let before = account
      let value = try change(&account)
      if account == before { return value }
      if try store.replace(account) { return value }
    }
    throw AccountError(.busy, "an account changes all the time", advice: "Try again")
  }

  func record(
    _ factor: AccountEvent.Factor, _ outcome: AccountEvent.Outcome, _ subject: String?, from network: String?
  ) throws(AccountError) {
    try store.record([AccountEvent(at: now, subject: subject, factor: factor, outcome: outcome, address: network)])
  }
}
