import ApusAccounts

/// Accounts as tests store them.
enum AccountSamples {
  static let keyText = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="

  static func keys() throws -> AccountKeys { try AccountKeys(keyText) }

  static func pair(of id: AccountID, version: Int64 = 1, _ keys: AccountKeys) -> Pair {
    Pair(
      version: version, password: .ofNobody,
      secret: SealedField(sealing: Array("12345678901234567890".utf8), of: id, version: version, keys),
      recovery: RecoveryCodes.make().stored, expiresAt: 1_815_000_000)
  }

  static func account(_ login: String, diesAt: Int64? = nil) throws -> Account {
    let id = AccountID.random()
    return Account(
      id, try Login(login), createdAt: 1_800_000_000, diesAt: diesAt, pair: pair(of: id, try keys()))
  }

  /// With everything that an account can have.
  static func full(_ login: String) throws -> Account {
    var account = try account(login)
    account.next = pair(of: account.id, version: 2, try keys())
    account.next?.diesAt = 1_800_000_900
    account.claim = Claim(hash: [1, 2, 3], expiresAt: 1_800_086_400, isUsed: true)
    account.renewal = Renewal(hash: [4, 5], expiresAt: 1_800_000_900)
    account.sessions = [Session(id: [1], hash: [2], startedAt: 3, expiresAt: 4)]
    account.disabled = .byAttempts
    account.lastSignIn = 1_800_000_001
    return account
  }
}
