package import ApusIO
package import ApusModel

/// The table of deployments, and of the namespaces that hold them.
package struct CatalogStore: Sendable {
  let database: Database
  let audit: AuditStore

  package init(_ database: Database) {
    self.database = database
    audit = AuditStore(database)
  }

  package enum Change: Equatable, Sendable {
    case created, changed, unchanged
  }

  /// Makes `document` the desired state of a function. The same document again changes nothing, and is not recorded.
  package func apply(
    _ name: FunctionName, document: String, at now: WallClock, audit entry: AuditEntry? = nil
  ) throws(StoreError) -> (deployment: StoredDeployment, change: Change) {
    guard document.utf8.count <= StoreLimits.deploymentBytes else {
      throw StoreError(
        .tooLarge, "the deployment of \(name) has \(document.utf8.count) bytes",
        meaning: "\(StoreLimits.deploymentBytes) are allowed",
        advice: "Move long values to secrets, or into the function's folder")
    }
    return try database.transaction { connection throws(StoreError) in
      let old = try CatalogStore.get(name, connection)
      if let old, old.document == document { return (old, .unchanged) }
      try CatalogStore.requireNamespace(name.namespace, connection)
      try connection.run(
        """
        INSERT INTO deployments VALUES (?, ?, 1, ?, NULL, ?, ?)
        ON CONFLICT DO UPDATE SET
          generation = generation + 1, document = excluded.document, updated_at = excluded.updated_at
        """, [.text(name.namespace), .text(name.name), .text(document), .instant(now), .instant(now)])
      if let entry { try audit.append(entry, in: connection) }
      let new = try CatalogStore.require(name, connection)
      return (new, old == nil ? .created : .changed)
    }
  }

  /// Sets how many replicas are wanted; the generation stays.
  package func scale(
    _ name: FunctionName, to replicas: Int64, audit entry: AuditEntry? = nil
  ) throws(StoreError) -> StoredDeployment {
    guard replicas >= 0 else {
      throw StoreError(.invalid, "there can't be \(replicas) replicas of \(name)", advice: "Ask for 0 or more")
    }
    return try database.transaction { connection throws(StoreError) in
      try connection.run(
        "UPDATE deployments SET replicas = ? WHERE namespace = ? AND name = ?",
        [.integer(replicas), .text(name.namespace), .text(name.name)])
      let new = try CatalogStore.require(name, connection)
      if let entry { try audit.append(entry, in: connection) }
      return new
    }
  }

  package func remove(_ name: FunctionName, audit entry: AuditEntry? = nil) throws(StoreError) {
    try database.transaction { connection throws(StoreError) in
      let removed = try connection.run(
        "DELETE FROM deployments WHERE namespace = ? AND name = ?", [.text(name.namespace), .text(name.name)])
      guard removed == 1 else { throw CatalogStore.notFound(name) }
      if let entry { try audit.append(entry, in: connection) }
    }
  }

  package func get(_ name: FunctionName) throws(StoreError) -> StoredDeployment? {
    try database.read { connection throws(StoreError) in try CatalogStore.get(name, connection) }
  }

  /// All of a namespace, or of every namespace, ordered by name.
  package func list(namespace: String? = nil) throws(StoreError) -> [StoredDeployment] {
    try database.read { connection throws(StoreError) in
      guard let namespace else {
        return try connection.rows("\(CatalogStore.select) ORDER BY namespace, name", [], CatalogStore.deployment)
      }
      let sql = "\(CatalogStore.select) WHERE namespace = ? ORDER BY name"
      return try connection.rows(sql, [.text(namespace)], CatalogStore.deployment)
    }
  }

  private static let select =
    "SELECT namespace, name, generation, document, replicas, created_at, updated_at FROM deployments"

  private static func get(_ name: FunctionName, _ connection: Connection) throws(StoreError) -> StoredDeployment? {
    try connection.first(
      "\(select) WHERE namespace = ? AND name = ?", [.text(name.namespace), .text(name.name)], deployment)
  }

  private static func require(_ name: FunctionName, _ connection: Connection) throws(StoreError) -> StoredDeployment {
    guard let deployment = try get(name, connection) else { throw notFound(name) }
    return deployment
  }

  private static func deployment(_ row: borrowing Statement) throws(StoreError) -> StoredDeployment {
    StoredDeployment(
      name: try row.functionName(name: 1, namespace: 0), generation: try row.integer(2), document: try row.text(3),
      replicas: try row.integerOrNull(4), createdAt: try row.instant(5), updatedAt: try row.instant(6))
  }

  private static func notFound(_ name: FunctionName) -> StoreError {
    StoreError(.notFound, "there is no function \(name)", advice: "List what there is (apus list), or deploy it")
  }
}
