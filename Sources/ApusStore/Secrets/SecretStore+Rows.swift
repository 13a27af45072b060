import ApusModel

extension SecretStore {
  static let select = "SELECT namespace, name, version, created_at, updated_at FROM secrets"

  static func entry(
    _ name: SecretName, _ namespace: String, _ connection: Connection
  ) throws(StoreError) -> SecretEntry? {
    try connection.first("\(select) WHERE namespace = ? AND name = ?", [.text(namespace), .text(name.text)], entry)
  }

  static func entry(_ row: borrowing Statement) throws(StoreError) -> SecretEntry {
    SecretEntry(
      name: try row.secretName(1), namespace: try row.text(0), version: try row.integer(2),
      createdAt: try row.instant(3), updatedAt: try row.instant(4))
  }

  static func sealed(
    _ name: SecretName, _ namespace: String, _ version: Int64, _ connection: Connection
  ) throws(StoreError) -> SealedSecret? {
    try connection.first(
      "SELECT namespace, name, version, sealed FROM secret_values WHERE namespace = ? AND name = ? AND version = ?",
      [.text(namespace), .text(name.text), .integer(version)], sealed)
  }

  static func sealed(_ row: borrowing Statement) throws(StoreError) -> SealedSecret {
    SealedSecret(
      try row.secretName(1), namespace: try row.text(0), version: try row.integer(2), bytes: try row.bytes(3))
  }

  static func insert(_ sealed: SealedSecret, _ connection: Connection) throws(StoreError) {
    try connection.run(
      "INSERT INTO secret_values (namespace, name, version, sealed) VALUES (?, ?, ?, ?)",
      [.text(sealed.namespace), .text(sealed.name.text), .integer(sealed.version), .bytes(sealed.bytes)])
  }

  static func notFound(_ name: SecretName) -> StoreError {
    StoreError(
      .notFound, "there is no secret \(name)",
      advice: "List what there is (apus secret list), or create it (apus secret create \(name))")
  }
}
