package import ApusIO
package import ApusModel

/// The sealed secrets of every namespace. Names go out, values only to who delivers them to a replica.
package struct SecretStore: Sendable {
  let database: Database
  let box: SealedBox
  private let audit: AuditStore

  package init(_ database: Database, _ box: SealedBox) {
    self.database = database
    self.box = box
    audit = AuditStore(database)
  }

  /// Stores a secret that is not there yet; of several who create one at once, one does.
  package func create(
    _ secret: borrowing Secret, at now: WallClock, audit entry: AuditEntry? = nil
  ) throws(StoreError) -> SecretEntry {
    let (name, namespace) = (secret.name, secret.namespace)
    return try change(secret) { (connection, seal) throws(StoreError) in
      guard try SecretStore.entry(name, namespace, connection) == nil else {
        throw StoreError(
          .exists, "the secret \(name) is there already",
          advice: "Give it a new value (apus secret update \(name)), or choose another name")
      }
      try CatalogStore.requireNamespace(namespace, connection)
      let version = try connection.number("SELECT version FROM secret_floor") + 1
      try connection.run(
        "INSERT INTO secrets VALUES (?, ?, ?, ?, ?)",
        [.text(namespace), .text(name.text), .integer(version), .instant(now), .instant(now)])
      try SecretStore.insert(seal(version), connection)
      if let entry { try audit.append(entry, in: connection) }
      return SecretEntry(name: name, namespace: namespace, version: version, createdAt: now, updatedAt: now)
    }
  }

  /// Gives a secret a new value, and with it a higher version. The value that it has already changes nothing.
  package func replace(
    _ secret: borrowing Secret, at now: WallClock, audit entry: AuditEntry? = nil
  ) throws(StoreError) -> SecretEntry {
    let (name, namespace) = (secret.name, secret.namespace)
    let known = try currentIfEqual(to: secret)
    return try change(secret) { (connection, seal) throws(StoreError) in
      guard let old = try SecretStore.entry(name, namespace, connection) else { throw SecretStore.notFound(name) }
      if old == known { return old }
      let version = old.version + 1
      try connection.run(
        "UPDATE secrets SET version = ?, updated_at = ? WHERE namespace = ? AND name = ?",
        [.integer(version), .instant(now), .text(namespace), .text(name.text)])
      try SecretStore.insert(seal(version), connection)
      try connection.run(
        "DELETE FROM secret_values WHERE namespace = ? AND name = ? AND version <= ?",
        [.text(namespace), .text(name.text), .integer(version - Int64(StoreLimits.secretVersions))])
      if let entry { try audit.append(entry, in: connection) }
      return SecretEntry(
        name: name, namespace: namespace, version: version, createdAt: old.createdAt, updatedAt: now)
    }
  }

  /// Removes a secret with all its versions.
  package func remove(_ name: SecretName, namespace: String, audit entry: AuditEntry? = nil) throws(StoreError) {
    try database.transaction { connection throws(StoreError) in
      guard let old = try SecretStore.entry(name, namespace, connection) else { throw SecretStore.notFound(name) }
      try connection.run("UPDATE secret_floor SET version = max(version, ?)", [.integer(old.version)])
      try connection.run(
        "DELETE FROM secrets WHERE namespace = ? AND name = ?", [.text(namespace), .text(name.text)])
      if let entry { try audit.append(entry, in: connection) }
    }
  }

  package func get(_ name: SecretName, namespace: String) throws(StoreError) -> SecretEntry? {
    try database.read { connection throws(StoreError) in try SecretStore.entry(name, namespace, connection) }
  }

  /// All of a namespace, or of every namespace, ordered by name.
  package func list(namespace: String? = nil) throws(StoreError) -> [SecretEntry] {
    try database.read { connection throws(StoreError) in
      guard let namespace else {
        return try connection.rows("\(SecretStore.select) ORDER BY namespace, name", [], SecretStore.entry)
      }
      let sql = "\(SecretStore.select) WHERE namespace = ? ORDER BY name"
      return try connection.rows(sql, [.text(namespace)], SecretStore.entry)
    }
  }

  /// How many there are, for who has no key to open them with.
  package static func count(in database: Database) throws(StoreError) -> Int {
    try database.read { connection throws(StoreError) in
      Int(clamping: try connection.number("SELECT count(*) FROM secrets"))
    }
  }

  /// Opens a secret for delivery to a replica, and for nothing else. No version means the newest.
  package func open(_ name: SecretName, namespace: String, version: Int64? = nil) throws(StoreError) -> Secret {
    let sealed = try database.read { connection throws(StoreError) -> SealedSecret in
      guard let entry = try SecretStore.entry(name, namespace, connection) else { throw SecretStore.notFound(name) }
      let wanted = version ?? entry.version
      guard let sealed = try SecretStore.sealed(name, namespace, wanted, connection) else {
        throw StoreError(
          .notFound, "there is no version \(wanted) of the secret \(name)",
          meaning: "the newest is \(entry.version), and \(StoreLimits.secretVersions) are kept",
          advice: "Take the newest")
      }
      return sealed
    }
    return try box.open(sealed)
  }

  private func change(
    _ secret: borrowing Secret,
    _ body: @Sendable (Connection, (Int64) throws(StoreError) -> SealedSecret) throws(StoreError) -> SecretEntry
  ) throws(StoreError) -> SecretEntry {
    // The version is known only inside, so that is where the value is sealed.
    try database.transaction { connection throws(StoreError) in
      try body(connection) { version throws(StoreError) in try box.seal(secret, version: version) }
    }
  }

  /// The entry of the present version if that has the same value. One that can't be opened has another.
  private func currentIfEqual(to secret: borrowing Secret) throws(StoreError) -> SecretEntry? {
    guard let entry = try get(secret.name, namespace: secret.namespace) else { return nil }
    do throws(StoreError) {
      let current = try open(secret.name, namespace: secret.namespace, version: entry.version)
      return current.value.equals(secret.value) ? entry : nil
    } catch {
      return nil
    }
  }
}
