/// What a start finds out about the keys.
extension Accounts {
  /// Refuses keys that open nothing of what is stored: better a start that fails and says why than people who can't
  /// sign in, one after the other. What can't be asked now counts as opened.
  package func checkKeys() throws(AccountError) {
    let accounts = (try? alive(after: "", limit: AccountLimits.checkedAccounts)) ?? []
    var failure: AccountError?
    for account in accounts {
      guard let pair = account.pair else { continue }
      do throws(AccountError) {
        _ = try pair.secret.open(of: account.id, version: pair.version, keys)
        return
      } catch {
        failure = error
      }
    }
    guard failure != nil else { return }
    throw AccountError(
      .settings, "the secret accounts-key opens none of the accounts that are stored",
      advice: "Another one sealed them: put that one back, or its line below the one that seals")
  }
}
