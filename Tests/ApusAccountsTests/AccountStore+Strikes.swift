import ApusAccounts

extension AccountStore {
  /// Forgets what was counted, as time would.
  func clearStrikes() throws {
    try sweep(at: 1_800_000_000 + 31 * 86_400)
  }
}
