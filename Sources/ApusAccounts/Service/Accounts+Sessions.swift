import ApusAccess
import ApusIO
import ApusJSON

extension Accounts {
  /// A new token for a refresh token, which is good once: whoever brings a used one ends the session, since one of the
  /// two that had it is a thief.
  package func refresh(_ text: String, from address: String?, as issuer: TokenIssuer) async throws -> SignedIn {
    guard let token = OneTimeToken(text, for: .refresh) else { throw AccountRefusal.notSignedIn }
    let network = NetworkAddress.network(of: address)
    return try await offload {
      let now = now
      let signedIn = try update({ () throws(AccountError) in try store.account(token.account) }) { account in
        try refreshed(&account, token, issuer, at: now)
      }
      switch signedIn {
      case .some(.some(let signedIn)):
        try record(.refresh, .succeeded, token.account.text, from: network)
        return signedIn
      case .some(.none):
        try record(.refresh, .refused, token.account.text, from: network)
      case .none:
        // An account that was purged must not get a record again.
        try record(.refresh, .refused, nil, from: network)
      }
      throw AccountRefusal.notSignedIn
    }
  }

  private func refreshed(
    _ account: inout Account, _ token: OneTimeToken, _ issuer: TokenIssuer, at now: Int64
  ) throws -> SignedIn? {
    guard let index = account.sessions.firstIndex(where: { $0.id == token.session }) else { return nil }
    var session = account.sessions[index]
    guard token.matches(session.hash), session.expiresAt > now, account.disabled == nil,
      let pair = account.pair, !pair.isExpired(at: now)
    else {
      account.sessions.remove(at: index)
      return nil
    }
    let next = OneTimeToken(.refresh, of: account.id, session: session.id)
    session.hash = next.hash
    account.sessions[index] = session
    let daysLeft = pair.expiresAt.map { max(0, $0 - now) / 86_400 }.flatMap { $0 <= Accounts.warningDays ? $0 : nil }
    return SignedIn(
      token: try issuer.token(account, session, keys, settings, at: now), refreshToken: next.text,
      credentialsExpireAt: pair.expiresAt, daysLeft: daysLeft, renewal: nil)
  }

  /// Ends the session of a refresh token. Of one that is unknown nothing is said.
  package func logOut(_ text: String) async throws {
    guard let token = OneTimeToken(text, for: .refresh) else { return }
    try await offload {
      _ = try update({ () throws(AccountError) in try store.account(token.account) }) { account in
        // A used one ends it, too: its bearer was in the session once.
        account.sessions.removeAll { $0.id == token.session }
      }
    }
  }

  /// New recovery codes for who is signed in and shows a code; the old ones are void.
  package func renewRecoveryCodes(
    _ bearer: String, totp: String, from address: String?, as issuer: TokenIssuer
  ) async throws -> [String] {
    let network = NetworkAddress.network(of: address)
    return try await offload {
      let account = try holder(of: bearer, issuer)
      let name = keys.name(of: account.login.folded)
      let strikes = try strike(name, .totp, network)
      let texts = try update({ () throws(AccountError) in try store.account(account.id) }) { account in
        guard let found = try account.candidate(.totp(totp), at: now, isStrict: settings.isStrict, keys), !found.isNext,
          case .step(let step) = found.proof
        else { return [String]?.none }
        let (texts, recovery) = RecoveryCodes.make()
        account.pair?.lastStep = step
        account.pair?.recovery = recovery
        return texts
      }
      guard let texts = texts ?? nil else {
        try refuse(account, strikes, network)
        try record(.totp, .refused, account.id.text, from: network)
        throw AccountRefusal.notSignedIn
      }
      try clear(name)
      try record(.recovery, .reset, account.id.text, from: network)
      return texts
    }
  }

  /// The account whose token this is, while its session lasts.
  private func holder(of bearer: String, _ issuer: TokenIssuer) throws -> Account {
    let rules = JSONWebToken.Rules(issuer: issuer.name, audience: settings.audience, leeway: 0)
    let text = try TokenIssuer.keySet(keys).serialise()
    guard let keySet = try? KeySet(jwks: text),
      let token = try? JSONWebToken(bearer, keys: keySet, rules: rules, now: WallClock(seconds: now)),
      let id = AccountID(token.subject), let account = try store.account(id), !account.isDead(at: now),
      account.disabled == nil,
      account.sessions.contains(where: { $0.name == token.sessionID && $0.expiresAt > now })
    else { throw AccountRefusal.notSignedIn }
    return account
  }
}
