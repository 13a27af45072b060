import ApusStore

extension Migrations {
  /// Accounts in one SQLite file.
  static let accounts = Migrations(
    applicationID: 0x4170_4163,  // "ApAc"
    [Migration(1, "accounts, counters, events", first)])

  // An account is one document, so that it changes as a whole; beside it stands what is searched for. Instants are
  // Unix seconds, those of counters milliseconds.
  private static let first = """
    CREATE TABLE accounts (
      id TEXT NOT NULL PRIMARY KEY,
      folded TEXT NOT NULL UNIQUE,
      revision INTEGER NOT NULL CHECK (revision > 0),
      dies_at INTEGER,
      document TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX accounts_that_die ON accounts (dies_at) WHERE dies_at IS NOT NULL;
    CREATE TABLE strikes (
      name TEXT NOT NULL PRIMARY KEY,
      count INTEGER NOT NULL,
      last INTEGER NOT NULL,
      ends_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX strikes_by_end ON strikes (ends_at);
    CREATE TABLE events (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      at INTEGER NOT NULL,
      subject TEXT,
      factor TEXT NOT NULL,
      outcome TEXT NOT NULL,
      address TEXT
    ) STRICT;
    CREATE INDEX events_by_subject ON events (subject, id);
    CREATE INDEX events_by_time ON events (at);
    """
}
