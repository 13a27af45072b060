extension SecretStore {
  /// The secrets whose key is not in the key file, for the start and a restore to name. Opens none.
  package func unopenable() throws(StoreError) -> [SecretEntry] {
    try database.read { connection throws(StoreError) in
      var lost: [SecretEntry] = []
      for entry in try connection.rows("\(SecretStore.select) ORDER BY namespace, name", [], SecretStore.entry) {
        let sealed = try SecretStore.sealed(entry.name, entry.namespace, entry.version, connection)
        if let sealed, box.holdsKey(of: sealed) { continue }
        lost.append(entry)
      }
      return lost
    }
  }

  /// Seals with the first key what an older one sealed, all or nothing; versions stay, for no value changes.
  /// Answers how many. After that the older keys are of no use but for backups.
  package func reseal() throws(StoreError) -> Int {
    try database.transaction { connection throws(StoreError) in
      var count = 0
      // One at a time: together their values might not fit into memory.
      for id in try SecretStore.valueIDs(connection) {
        let old = try connection.first(
          "SELECT namespace, name, version, sealed FROM secret_values WHERE rowid = ?", [.integer(id)],
          SecretStore.sealed)
        guard let old, old.keyID != box.keyID else { continue }
        let new = try box.seal(box.open(old), version: old.version)
        try connection.run(
          "UPDATE secret_values SET sealed = ? WHERE rowid = ?", [.bytes(new.bytes), .integer(id)])
        count += 1
      }
      return count
    }
  }

  private static func valueIDs(_ connection: Connection) throws(StoreError) -> [Int64] {
    try connection.rows("SELECT rowid FROM secret_values ORDER BY rowid") { row throws(StoreError) in
      try row.integer(0)
    }
  }
}
