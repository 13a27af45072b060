package import ApusIO
package import ApusModel

/// Bearer tokens, of which only a hash is kept: who reads the file can't use them.
package struct TokenStore: Sendable {
  private let database: Database
  private let audit: AuditStore

  package init(_ database: Database) {
    self.database = database
    audit = AuditStore(database)
  }

  /// Makes a token. Its text is in the answer and nowhere else.
  package func issue(
    _ scopes: Set<Scope>, function: FunctionName? = nil, expiresAt: WallClock?, at now: WallClock,
    audit entry: AuditEntry? = nil
  ) throws(StoreError) -> (text: String, token: TokenEntry) {
    guard !scopes.isEmpty else {
      let all = Scope.allCases.map(\.rawValue).joined(separator: ", ")
      throw StoreError(.invalid, "a token without a scope opens nothing", advice: "Name at least one of \(all)")
    }
    let made = try TokenText.random()
    let token = TokenEntry(
      id: made.id, scopes: scopes, function: function, createdAt: now, expiresAt: expiresAt, usedAt: nil)
    let row: [Statement.Value] = [
      .text(made.id), .bytes(try made.hash()), .text(scopes.map(\.rawValue).sorted().joined(separator: ",")),
      .text(orNull: function?.name), .text(orNull: function?.namespace), .instant(now),
      .integer(orNull: expiresAt?.stored),
    ]
    try database.transaction { connection throws(StoreError) in
      try TokenStore.makeRoom(at: now, connection)
      try connection.run("INSERT INTO tokens VALUES (?, ?, ?, ?, ?, ?, ?, NULL)", row)
      if let entry { try audit.append(entry, in: connection) }
    }
    return (made.text, token)
  }

  /// Whether a text has the form of a token of ours, be it one or not.
  package static func isToken(_ text: String) -> Bool { text.hasPrefix(TokenText.prefix) }

  /// Whether a token may stand anywhere in `text`.
  package static func isWithin(_ text: String) -> Bool {
    let (bytes, prefix) = (Array(text.utf8), Array(TokenText.prefix.utf8))
    return bytes.indices.contains { bytes[$0...].starts(with: prefix) }
  }

  package enum Verdict: Equatable, Sendable {
    case accepted(TokenEntry)
    case expired(TokenEntry)
    /// No token of ours, or one that was revoked.
    case unknown
  }

  /// Says whose token a text is. The time that it takes tells nothing about a secret part.
  package func verify(_ text: String, at now: WallClock) throws(StoreError) -> Verdict {
    guard let presented = TokenText(text) else { return .unknown }
    let hash = try presented.hash()
    let found = try database.read { connection throws(StoreError) in
      try connection.first(
        "\(TokenStore.select) WHERE id = ?", [.text(presented.id)]
      ) { row throws(StoreError) in (token: try TokenStore.token(row), hash: try row.bytes(7)) }
    }
    // An unknown id costs the same comparison. That it is unknown is no secret: ids are listed.
    let expected = found?.hash ?? [UInt8](repeating: 0, count: hash.count)
    let isEqual = hash.withUnsafeBytes { hash in expected.withUnsafeBytes { Sodium.areEqual(hash, $0) } }
    guard let found, isEqual else { return .unknown }
    if found.token.isExpired(at: now) { return .expired(found.token) }
    noteUse(of: found.token, at: now)
    return .accepted(found.token)
  }

  /// All, oldest first.
  package func list() throws(StoreError) -> [TokenEntry] {
    try database.read { connection throws(StoreError) in
      try connection.rows("\(TokenStore.select) ORDER BY created_at, id", [], TokenStore.token)
    }
  }

  /// From now on nobody is let in with it.
  package func revoke(_ id: String, audit entry: AuditEntry? = nil) throws(StoreError) {
    try database.transaction { connection throws(StoreError) in
      guard try connection.run("DELETE FROM tokens WHERE id = ?", [.text(id)]) == 1 else {
        throw StoreError(.notFound, "there is no token \(id)", advice: "List what there is (apus token list)")
      }
      if let entry { try audit.append(entry, in: connection) }
    }
  }

  private func noteUse(of token: TokenEntry, at now: WallClock) {
    if let usedAt = token.usedAt, now.seconds - usedAt.seconds < StoreLimits.tokenUseSeconds { return }
    // A disk that is full must not lock everybody out.
    _ = try? database.transaction(.processEnd) { connection throws(StoreError) in
      try connection.run("UPDATE tokens SET used_at = ? WHERE id = ?", [.instant(now), .text(token.id)])
    }
  }

  private static func makeRoom(at now: WallClock, _ connection: Connection) throws(StoreError) {
    let forgotten = WallClock(seconds: now.seconds - StoreLimits.expiredTokenSeconds)
    try connection.run("DELETE FROM tokens WHERE expires_at < ?", [.instant(forgotten)])
    let count = try connection.number(
      "SELECT count(*) FROM tokens WHERE expires_at IS NULL OR expires_at > ?", [.instant(now)])
    guard count < StoreLimits.tokens else {
      throw StoreError(
        .tooMany, "there are \(count) tokens", meaning: "there may be \(StoreLimits.tokens)",
        advice: "Revoke those that nobody uses (apus token list, apus token revoke)")
    }
  }

  private static let select =
    "SELECT id, scopes, function, function_namespace, created_at, expires_at, used_at, hash FROM tokens"

  private static func token(_ row: borrowing Statement) throws(StoreError) -> TokenEntry {
    // A scope that this version does not know grants nothing.
    let scopes = try row.text(1).split(separator: Character(",")).compactMap { Scope(rawValue: String($0)) }
    return TokenEntry(
      id: try row.text(0), scopes: Set(scopes),
      function: row.isNull(2) ? nil : try row.functionName(name: 2, namespace: 3),
      createdAt: try row.instant(4), expiresAt: try row.instantOrNull(5), usedAt: try row.instantOrNull(6))
  }
}
