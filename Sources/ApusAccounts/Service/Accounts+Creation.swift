import ApusIO

extension Accounts {
  /// Makes an account that is pending until its first sign-in, and shows its credentials this once.
  ///
  /// Where a taken login is not to be known, one that is taken is answered with credentials that are nobody's: they die
  /// with everything that was stored for them, which is what makes both answers cost the same.
  package func create(_ text: String, from address: String?, isOperator: Bool) async throws -> NewCredentials {
    let login = try parsed(text)
    let network = NetworkAddress.network(of: address)
    return try await gate.run { try create(login, network, isOperator) }
  }

  /// Reserves a login for who holds the claim that this answers.
  package func reserve(_ text: String, from address: String?) async throws -> (Account, claim: OneTimeToken) {
    let login = try parsed(text)
    let network = NetworkAddress.network(of: address)
    return try await offload {
      let (id, now) = (AccountID.random(), self.now)
      let token = OneTimeToken(.claim, of: id)
      var account = Account(id, login, createdAt: now, diesAt: now + settings.claimLife)
      account.claim = Claim(hash: token.hash, expiresAt: now + settings.claimLife)
      try insert(account)
      try record(.claim, .succeeded, id.text, from: network)
      return (account, token)
    }
  }

  /// Makes the credentials that a claim is for. A second use is gone, whoever comes second.
  package func claim(_ text: String, from address: String?) async throws -> NewCredentials {
    guard let token = OneTimeToken(text, for: .claim) else { throw AccountRefusal.gone }
    let network = NetworkAddress.network(of: address)
    return try await gate.run {
      // Looked at before anything is hashed: tokens that do not hold cost nothing.
      _ = try claimed(token)
      let made = try update({ () throws(AccountError) in try store.account(token.account) }) { account in
        try check(account, token)
        let credentials = try renew(&account)
        account.claim?.isUsed = true
        return credentials
      }
      guard let made else { throw AccountRefusal.gone }
      try record(.claim, .succeeded, token.account.text, from: network)
      return made
    }
  }

  /// Makes new credentials beside those that have expired; they take their place at their first sign-in.
  package func renew(_ text: String, from address: String?) async throws -> NewCredentials {
    guard let token = OneTimeToken(text, for: .renewal) else { throw AccountRefusal.gone }
    let network = NetworkAddress.network(of: address)
    return try await gate.run {
      let made = try update({ () throws(AccountError) in try store.account(token.account) }) { account in
        guard let renewal = account.renewal, renewal.expiresAt > now, token.matches(renewal.hash),
          account.disabled == nil
        else { throw AccountRefusal.gone }
        return try renew(&account)
      }
      guard let made else { throw AccountRefusal.gone }
      try record(.renewal, .succeeded, token.account.text, from: network)
      return made
    }
  }

  // MARK: - Steps

  private func create(_ login: Login, _ network: String?, _ isOperator: Bool) throws -> NewCredentials {
    if !isOperator { try countCreation(network) }
    let now = now
    let isTaken = try store.account(named: login.folded).map { !$0.isDead(at: now) } ?? false
    // An operator, who can list them all, must not hand over what opens nothing.
    let reveals = settings.revealsTaken || isOperator
    if reveals, isTaken { throw AccountRefusal.taken }
    let id = AccountID.random()
    let (pair, credentials) = try makePair(of: id, login, version: 1, at: now)
    let account = Account(id, login, createdAt: now, diesAt: now + settings.pendingLife, pair: pair)
    do {
      // What is taken costs the store as many steps as what is free; only who is overtaken meanwhile takes more.
      try insert(isTaken ? account.decoy : account)
    } catch AccountRefusal.taken where !reveals {
      try insert(account.decoy)
    }
    try record(.creation, .succeeded, id.text, from: network)
    return credentials
  }

  private func insert(_ account: Account) throws {
    try store.sweep(at: now)
    switch try store.insert(account, at: now, pendingLimit: settings.pendingAccounts) {
    case .made: return
    case .taken: throw AccountRefusal.taken
    case .full: throw AccountRefusal.full
    }
  }

  /// The next pair of the account: at once its only one if it has none yet.
  private func renew(_ account: inout Account) throws -> NewCredentials {
    let now = now
    var (pair, credentials) = try makePair(of: account.id, account.login, version: account.nextVersion, at: now)
    if account.pair == nil {
      account.pair = pair
      account.diesAt = credentials.activateBefore
    } else {
      pair.diesAt = credentials.activateBefore
      account.next = pair
    }
    return credentials
  }

  private func claimed(_ token: OneTimeToken) throws -> Account {
    guard let account = try store.account(token.account) else { throw AccountRefusal.gone }
    try check(account, token)
    return account
  }

  private func check(_ account: Account, _ token: OneTimeToken) throws(AccountRefusal) {
    guard let claim = account.claim, !claim.isUsed, claim.expiresAt > now, token.matches(claim.hash),
      !account.isDead(at: now), account.disabled != .byOperator
    else { throw .gone }
  }

  private func parsed(_ text: String) throws(AccountRefusal) -> Login {
    do throws(LoginError) {
      return try Login(text)
    } catch {
      throw .login(error)
    }
  }

  private func countCreation(_ network: String?) throws {
    let name = "c:\(network ?? "unknown")"
    for _ in 0..<AccountLimits.attempts {
      let strikes = try store.strikes(name)
      switch CreationThrottle.decide(strikes, limit: settings.creationPerHour, at: nowInMilliseconds) {
      case .wait(let seconds): throw AccountRefusal.throttled(seconds: seconds)
      case .allowed(let new):
        if try store.change(name, from: strikes, to: new, until: now + CreationThrottle.window / 1_000) { return }
      }
    }
    throw AccountRefusal.throttled(seconds: 1)
  }
}

extension Account {
  /// The same account under a login that nobody can have, so that it is never found.
  fileprivate var decoy: Account {
    Account(
      id, Login(storedText: login.text, folded: "\(Account.decoyMark)\(id)"), createdAt: createdAt, diesAt: diesAt,
      pair: pair)
  }

  /// No login has a colon.
  static let decoyMark = ":decoy:"

  package var isDecoy: Bool { login.folded.hasPrefix(Account.decoyMark) }
}
