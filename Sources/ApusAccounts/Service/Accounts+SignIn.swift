import ApusAccess

extension Accounts {
  /// Days before the end from which on people are told and may renew.
  static let warningDays: Int64 = 30

  /// Signs a person in, or says no in one way whatever was wrong.
  package func signIn(_ attempt: SignIn, from address: String?, as issuer: TokenIssuer) async throws -> SignedIn {
    let network = NetworkAddress.network(of: address)
    let login = (try? Login(attempt.login))?.folded
    let name = keys.name(of: login ?? attempt.login)
    // Before anybody waits for a place: who has to wait anyway takes none.
    let early = try await offloadedDelay(name, attempt.recorded, network)
    if let early { throw AccountRefusal.throttled(seconds: early) }
    return try await gate.run { try signIn(attempt, login, name, network, issuer) }
  }

  private func signIn(
    _ attempt: SignIn, _ login: String?, _ name: String, _ network: String?, _ issuer: TokenIssuer
  ) throws -> SignedIn {
    let strikes = try strike(name, attempt.recorded, network)
    let account = try login.flatMap { login throws(AccountError) in try store.account(named: login) }
      .flatMap { $0.isDead(at: now) ? nil : $0 }
    let candidate = try account?.candidate(attempt.factor, at: now, isStrict: settings.isStrict, keys)
    // One hash, whatever was found: that is what takes the time.
    let hash = candidate?.pair.password ?? account?.pair?.password ?? .ofNobody
    let isPassword = hash.matches(attempt.password)
    let subject = account?.id.text ?? name
    guard isPassword, candidate != nil, let account else {
      try refuse(account, strikes, network)
      try record(attempt.recorded, .refused, subject, from: network)
      throw AccountRefusal.notSignedIn
    }
    let rehashed = hash.isOutdated ? try PasswordHash(of: attempt.password) : nil
    let outcome = try update({ () throws(AccountError) in try store.account(account.id) }) { account in
      // Again, on what is stored now: of several with one code the first has used it up.
      guard let candidate = try account.candidate(attempt.factor, at: now, isStrict: settings.isStrict, keys),
        candidate.pair.password == hash
      else { return Optional<Outcome>.none }
      return try admit(candidate, rehashed, &account, attempt, issuer)
    }
    guard let outcome = outcome ?? nil else {
      try refuse(account, strikes, network)
      try record(attempt.recorded, .refused, subject, from: network)
      throw AccountRefusal.notSignedIn
    }
    try clear(name)
    switch outcome {
    case .signedIn(let signedIn):
      try record(attempt.recorded, .succeeded, subject, from: network)
      return signedIn
    case .renewalOnly(let renewal, let endedAt):
      try record(attempt.recorded, .expired, subject, from: network)
      throw AccountRefusal.expired(renewal: renewal, endedAt: endedAt, life: settings.pendingLife)
    }
  }

  private enum Outcome {
    case signedIn(SignedIn)
    case renewalOnly(renewal: String, endedAt: Int64?)
  }

  private func admit(
    _ candidate: Account.Candidate, _ rehashed: PasswordHash?, _ account: inout Account, _ attempt: SignIn,
    _ issuer: TokenIssuer
  ) throws -> Outcome {
    let now = now
    let admission = account.admit(candidate, at: now)
    if let rehashed { account.pair?.password = rehashed }
    let end = account.pair?.expiresAt
    let daysLeft = end.map { max(0, $0 - now) / 86_400 }.flatMap { $0 <= Accounts.warningDays ? $0 : nil }
    var renewal: OneTimeToken?
    if admission != .admitted || daysLeft != nil || attempt.recorded == .recovery {
      let token = OneTimeToken(.renewal, of: account.id)
      account.renewal = Renewal(hash: token.hash, expiresAt: now + settings.renewalLife)
      renewal = token
    }
    if case .renewalOnly(let endedAt) = admission {
      return .renewalOnly(renewal: renewal?.text ?? "", endedAt: endedAt)
    }
    let id = Sodium.randomBytes(OneTimeToken.sessionSize)
    let refresh = OneTimeToken(.refresh, of: account.id, session: id)
    let session = Session(id: id, hash: refresh.hash, startedAt: now, expiresAt: now + settings.refreshLife)
    account.start(session, at: now)
    return .signedIn(
      SignedIn(
        token: try issuer.token(account, session, keys, settings, at: now), refreshToken: refresh.text,
        credentialsExpireAt: end, daysLeft: daysLeft, renewal: renewal?.text))
  }
}
