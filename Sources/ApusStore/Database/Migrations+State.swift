import ApusModel

extension Migrations {
  /// The gateway's state. What comes later (queue, call records) is further steps at the end of this list.
  package static let state = Migrations(
    applicationID: 0x4170_7573,  // "Apus"
    [
      Migration(1, "namespaces and deployments", catalog),
      Migration(2, "sealed secrets", secrets),
      Migration(3, "tokens", tokens),
      Migration(4, "audit", audit),
    ])

  // Instants are nanoseconds since 1970, UTC. Tables are STRICT: a column holds its type or the insertion fails.

  private static let catalog = """
    CREATE TABLE namespaces (
      name TEXT NOT NULL PRIMARY KEY,
      labels TEXT NOT NULL,
      annotations TEXT NOT NULL,
      created_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    INSERT INTO namespaces VALUES
      ('\(FunctionName.defaultNamespace)', '{}', '{}', CAST(strftime('%s', 'now') AS INTEGER) * 1000000000);
    CREATE TABLE deployments (
      namespace TEXT NOT NULL REFERENCES namespaces (name),
      name TEXT NOT NULL,
      generation INTEGER NOT NULL CHECK (generation > 0),
      document TEXT NOT NULL,
      replicas INTEGER CHECK (replicas >= 0),
      created_at INTEGER NOT NULL,
      updated_at INTEGER NOT NULL,
      PRIMARY KEY (namespace, name)
    ) STRICT, WITHOUT ROWID;
    """

  // The floor is the highest version that a removed secret had: one that is made again starts above it, so that a
  // version means one value for ever, and a replica that holds the removed one is seen to be out of date.
  private static let secrets = """
    CREATE TABLE secrets (
      namespace TEXT NOT NULL REFERENCES namespaces (name),
      name TEXT NOT NULL,
      version INTEGER NOT NULL CHECK (version > 0),
      created_at INTEGER NOT NULL,
      updated_at INTEGER NOT NULL,
      PRIMARY KEY (namespace, name)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE secret_values (
      namespace TEXT NOT NULL,
      name TEXT NOT NULL,
      version INTEGER NOT NULL,
      sealed BLOB NOT NULL,
      PRIMARY KEY (namespace, name, version),
      FOREIGN KEY (namespace, name) REFERENCES secrets (namespace, name) ON DELETE CASCADE
    ) STRICT;
    CREATE TABLE secret_floor (
      one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
      version INTEGER NOT NULL
    ) STRICT;
    INSERT INTO secret_floor VALUES (1, 0);
    """

  private static let tokens = """
    CREATE TABLE tokens (
      id TEXT NOT NULL PRIMARY KEY,
      hash BLOB NOT NULL CHECK (length(hash) = 32),
      scopes TEXT NOT NULL,
      function TEXT,
      function_namespace TEXT,
      created_at INTEGER NOT NULL,
      expires_at INTEGER,
      used_at INTEGER
    ) STRICT, WITHOUT ROWID;
    """

  // The newest ten thousand entries can't be removed by any slip of ours either; what is older makes room.
  private static let audit = """
    CREATE TABLE audit (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      at INTEGER NOT NULL,
      actor TEXT NOT NULL,
      action TEXT NOT NULL,
      subject TEXT NOT NULL
    ) STRICT;
    CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
    BEGIN SELECT RAISE (ABORT, 'the audit is append only'); END;
    CREATE TRIGGER audit_is_not_shortened BEFORE DELETE ON audit
    WHEN OLD.id > (SELECT max(id) FROM audit) - 10000
    BEGIN SELECT RAISE (ABORT, 'the audit is append only'); END;
    """
}
