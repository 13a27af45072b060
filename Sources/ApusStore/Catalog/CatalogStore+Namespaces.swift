package import ApusIO
import ApusModel

extension CatalogStore {
  package func createNamespace(
    _ name: String, labels: String = "{}", annotations: String = "{}", at now: WallClock, audit entry: AuditEntry? = nil
  ) throws(StoreError) {
    try Self.check(name, labels, annotations)
    try database.transaction { connection throws(StoreError) in
      guard try Self.namespace(name, connection) == nil else {
        throw StoreError(.exists, "the namespace \(name) is there already", advice: "Use it, or choose another name")
      }
      try connection.run(
        "INSERT INTO namespaces VALUES (?, ?, ?, ?)", [.text(name), .text(labels), .text(annotations), .instant(now)])
      if let entry { try audit.append(entry, in: connection) }
    }
  }

  package func updateNamespace(
    _ name: String, labels: String, annotations: String, audit entry: AuditEntry? = nil
  ) throws(StoreError) {
    try Self.check(name, labels, annotations)
    try database.transaction { connection throws(StoreError) in
      try Self.requireNamespace(name, connection)
      try connection.run(
        "UPDATE namespaces SET labels = ?, annotations = ? WHERE name = ?",
        [.text(labels), .text(annotations), .text(name)])
      if let entry { try audit.append(entry, in: connection) }
    }
  }

  /// Removes an empty namespace; the default one always stays.
  package func removeNamespace(_ name: String, audit entry: AuditEntry? = nil) throws(StoreError) {
    guard name != FunctionName.defaultNamespace else {
      throw StoreError(
        .inUse, "the namespace \(name) can't be removed", meaning: "it is where names without a namespace are",
        advice: "Remove the functions in it instead")
    }
    try database.transaction { connection throws(StoreError) in
      try Self.requireNamespace(name, connection)
      for (table, thing) in [("deployments", "function"), ("secrets", "secret")] {
        let count = try connection.number("SELECT count(*) FROM \(table) WHERE namespace = ?", [.text(name)])
        if count == 0 { continue }
        throw StoreError(
          .inUse, "the namespace \(name) can't be removed",
          meaning: "it still has \(count) \(thing)\(count == 1 ? "" : "s")", advice: "Remove what is in it first")
      }
      try connection.run("DELETE FROM namespaces WHERE name = ?", [.text(name)])
      if let entry { try audit.append(entry, in: connection) }
    }
  }

  package func namespace(_ name: String) throws(StoreError) -> Namespace? {
    try database.read { connection throws(StoreError) in try Self.namespace(name, connection) }
  }

  /// All of them, ordered by name.
  package func namespaces() throws(StoreError) -> [Namespace] {
    try database.read { connection throws(StoreError) in
      try connection.rows("\(Self.selectNamespace) ORDER BY name", [], Self.namespace)
    }
  }

  private static let selectNamespace = "SELECT name, labels, annotations, created_at FROM namespaces"

  private static func namespace(_ name: String, _ connection: Connection) throws(StoreError) -> Namespace? {
    try connection.first("\(selectNamespace) WHERE name = ?", [.text(name)], namespace)
  }

  private static func namespace(_ row: borrowing Statement) throws(StoreError) -> Namespace {
    Namespace(
      name: try row.text(0), labels: try row.text(1), annotations: try row.text(2), createdAt: try row.instant(3))
  }

  static func requireNamespace(_ name: String, _ connection: Connection) throws(StoreError) {
    guard try namespace(name, connection) == nil else { return }
    throw StoreError(
      .notFound, "there is no namespace \(name)",
      advice: "Create it first (apus namespace create \(name)), or correct the name")
  }

  private static func check(_ name: String, _ labels: String, _ annotations: String) throws(StoreError) {
    do {
      // The model's check of a namespace; an empty one would be taken for the default.
      _ = try FunctionName(name: "any", namespace: name.isEmpty ? "-" : name)
    } catch {
      throw StoreError(.invalid, "\(error)", advice: "Correct the name")
    }
    for (text, what) in [(labels, "labels"), (annotations, "annotations")]
    where text.utf8.count > StoreLimits.namespaceBytes {
      throw StoreError(
        .tooLarge, "the \(what) of the namespace \(name) have \(text.utf8.count) bytes",
        meaning: "\(StoreLimits.namespaceBytes) are allowed", advice: "Shorten them")
    }
  }
}
