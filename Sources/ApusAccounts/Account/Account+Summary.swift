package import ApusJSON

extension Account {
  /// Where the account stands, in one word.
  package enum State: String, Sendable {
    /// A claim waits for the first credentials.
    case reserved
    /// The first sign-in has not happened yet.
    case pending
    case active, expired, disabled
  }

  package func state(at now: Int64) -> State {
    if disabled != nil { return .disabled }
    guard let pair else { return .reserved }
    if diesAt != nil { return .pending }
    return pair.isExpired(at: now) ? .expired : .active
  }

  /// What operators see.
  package func summary(at now: Int64) -> JSON {
    func time(_ seconds: Int64?) -> JSON { seconds.map { .string(UTC.text($0)) } ?? .null }
    return .object([
      ("login", .string(login.text)), ("account_id", .string(id.text)), ("state", .string(state(at: now).rawValue)),
      ("disabled_by", disabled.map { .string($0.rawValue) } ?? .null), ("created_at", time(createdAt)),
      ("dies_at", time(diesAt)), ("credentials_expire_at", time(pair?.expiresAt)), ("last_sign_in", time(lastSignIn)),
      ("recovery_codes_left", .integer(Int64(pair?.recovery.hashes.count ?? 0))),
      ("renewal_pending", .bool(livingNext(at: now) != nil)),
    ])
  }

  /// Seals what another key than the first has sealed; how many fields that were.
  mutating func reseal(_ keys: AccountKeys) throws(AccountError) -> Int {
    var count = 0
    if let old = pair, old.secret.keyID != keys.first.id {
      let secret = try Account.resealed(old, of: id, keys)
      pair?.secret = secret
      count += 1
    }
    if let old = next, old.secret.keyID != keys.first.id {
      let secret = try Account.resealed(old, of: id, keys)
      next?.secret = secret
      count += 1
    }
    return count
  }

  private static func resealed(_ pair: Pair, of id: AccountID, _ keys: AccountKeys) throws(AccountError) -> SealedField
  {
    let plain = try pair.secret.open(of: id, version: pair.version, keys)
    return SealedField(sealing: plain, of: id, version: pair.version, keys)
  }
}

extension AccountEvent {
  /// As an export shows it.
  var document: JSON {
    .object([
      ("at", .string(UTC.text(at))), ("factor", .string(factor.rawValue)), ("outcome", .string(outcome.rawValue)),
      ("network", address.map { .string($0) } ?? .null),
    ])
  }
}
