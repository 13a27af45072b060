import ApusAccess
package import ApusJSON

extension Account {
  /// As stores keep it. What is secret in it is hashed or sealed already.
  package var document: JSON {
    var members: [(key: String, value: JSON)] = [
      ("id", .string(id.text)), ("login", .string(login.text)), ("folded", .string(login.folded)),
      ("revision", .integer(revision)), ("created_at", .integer(createdAt)),
    ]
    func add(_ key: String, _ value: JSON?) { if let value { members.append((key, value)) } }
    add("dies_at", diesAt.map { .integer($0) })
    add("last_version", lastVersion == 0 ? nil : .integer(lastVersion))
    add("pair", pair?.document)
    add("next", next?.document)
    add(
      "claim",
      claim.map {
        .object([
          ("hash", .bytes($0.hash)), ("expires_at", .integer($0.expiresAt)), ("is_used", .bool($0.isUsed)),
        ])
      })
    add("renewal", renewal.map { .object([("hash", .bytes($0.hash)), ("expires_at", .integer($0.expiresAt))]) })
    add("sessions", sessions.isEmpty ? nil : .array(sessions.map(\.document)))
    add("disabled", disabled.map { .string($0.rawValue) })
    add("last_sign_in", lastSignIn.map { .integer($0) })
    return .object(members)
  }

  /// Reads what `document` wrote.
  package init(document: JSON) throws(AccountError) {
    let reader = StoredDocument(document)
    let text = try reader.text("id")
    guard let id = AccountID(text) else { throw reader.damaged("id") }
    let login = Login(storedText: try reader.text("login"), folded: try reader.text("folded"))
    self.init(id, login, createdAt: try reader.integer("created_at"), diesAt: try reader.integerOrNil("dies_at"))
    revision = try reader.integer("revision")
    lastVersion = try reader.integerOrNil("last_version") ?? 0
    if let part = reader.part("pair") { pair = try Pair(part) }
    if let part = reader.part("next") { next = try Pair(part) }
    if let part = reader.part("claim") {
      claim = Claim(
        hash: try part.bytes("hash"), expiresAt: try part.integer("expires_at"), isUsed: try part.flag("is_used"))
    }
    if let part = reader.part("renewal") {
      renewal = Renewal(hash: try part.bytes("hash"), expiresAt: try part.integer("expires_at"))
    }
    for part in try reader.parts("sessions") { sessions.append(try Session(part)) }
    if let reason = document["disabled"]?.stringValue {
      guard let disabled = Disabled(rawValue: reason) else { throw reader.damaged("disabled") }
      self.disabled = disabled
    }
    lastSignIn = try reader.integerOrNil("last_sign_in")
  }
}

extension Pair {
  fileprivate var document: JSON {
    var members: [(key: String, value: JSON)] = [
      ("version", .integer(version)), ("password", .string(password.text)), ("key", .string(secret.keyID)),
      ("secret", .bytes(secret.bytes)), ("last_step", .integer(lastStep)),
      ("recovery", .array(recovery.hashes.map { .bytes($0) })),
    ]
    if let expiresAt { members.append(("expires_at", .integer(expiresAt))) }
    if let diesAt { members.append(("dies_at", .integer(diesAt))) }
    return .object(members)
  }

  fileprivate init(_ part: StoredDocument) throws(AccountError) {
    self.init(
      version: try part.integer("version"), password: PasswordHash(stored: try part.text("password")),
      secret: SealedField(keyID: try part.text("key"), bytes: try part.bytes("secret")),
      lastStep: try part.integer("last_step"), recovery: RecoveryCodes(hashes: try part.listOfBytes("recovery")),
      expiresAt: try part.integerOrNil("expires_at"), diesAt: try part.integerOrNil("dies_at"))
  }
}

extension Session {
  fileprivate var document: JSON {
    .object([
      ("id", .bytes(id)), ("hash", .bytes(hash)), ("started_at", .integer(startedAt)),
      ("expires_at", .integer(expiresAt)),
    ])
  }

  fileprivate init(_ part: StoredDocument) throws(AccountError) {
    self.init(
      id: try part.bytes("id"), hash: try part.bytes("hash"), startedAt: try part.integer("started_at"),
      expiresAt: try part.integer("expires_at"))
  }
}

extension JSON {
  fileprivate static func bytes(_ bytes: [UInt8]) -> JSON { .string(Sodium.base64Text(bytes, .unpadded)) }
}
