/// Where accounts are kept. Every driver passes the same suite (`AccountStoreContract` in the tests).
///
/// Calls block: run them through `offload`. What throws `.unavailable` changed nothing, or the whole of what was asked.
package protocol AccountStore: Sendable {
  func account(_ id: AccountID) throws(AccountError) -> Account?

  /// By the folded login. One that is dead may still be found.
  func account(named folded: String) throws(AccountError) -> Account?

  /// Stores a new account, unless another has its login and is not dead, or too many wait for their first sign-in.
  func insert(_ account: Account, at now: Int64, pendingLimit: Int) throws(AccountError) -> Insertion

  /// Stores `account` as the next revision, if the stored one has still the revision of `account`; else false.
  func replace(_ account: Account) throws(AccountError) -> Bool

  /// In the order of the folded logins, from the one after `folded` on.
  func accounts(after folded: String, limit: Int) throws(AccountError) -> [Account]

  /// Removes accounts whose time is over, counters that no longer count, and old events.
  func sweep(at now: Int64) throws(AccountError)

  /// What is counted under a name; none if nothing is.
  func strikes(_ name: String) throws(AccountError) -> Strikes

  /// Sets what is counted under a name, if it is still `old`; else false.
  func change(_ name: String, from old: Strikes, to new: Strikes, until end: Int64) throws(AccountError) -> Bool

  /// Adds to the record of what happened.
  func record(_ events: [AccountEvent]) throws(AccountError)

  /// What is recorded of an account, the newest first.
  func events(of subject: String, limit: Int) throws(AccountError) -> [AccountEvent]

  /// All that is recorded, the oldest first, from the one after `position` on.
  func events(after position: Int64, limit: Int) throws(AccountError) -> [(position: Int64, event: AccountEvent)]

  /// Removes an account with everything that is recorded or counted of it, under its id or one of the names that its
  /// login goes by, and records `tombstone`; false if there is none.
  func forget(_ id: AccountID, names: [String], _ tombstone: AccountEvent) throws(AccountError) -> Bool
}

/// What became of a new account.
package enum Insertion: Sendable, Equatable {
  case made
  case taken
  /// As many as are allowed wait for their first sign-in.
  case full
}
