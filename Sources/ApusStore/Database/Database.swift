import Glibc
import Synchronization

/// One SQLite file: one connection that writes, one that reads meanwhile, each used by one thread at a time.
///
/// Calls block, for a disk's time when they write: run them through `offload`. Further stores take the same database
/// and add their tables to its migrations.
package final class Database: Sendable {
  package let path: String
  private let migrations: Migrations
  private let writer: Mutex<Connection>
  /// Another connection, so that who reads does not wait for a disk that confirms a commit.
  private let reader: Mutex<Connection>

  /// Opens the file, after making it with `mode` if there is none, and brings it to the newest version.
  package init(
    _ path: String, migrations: Migrations = .state, mode: UInt32 = 0o600,
    busyMilliseconds: Int32 = StoreLimits.busyMilliseconds
  ) throws(StoreError) {
    // Before SQLite opens it, which would make it 0644; its -wal and -shm copy the mode.
    try PrivateFile.makeIfAbsent(path, mode: mode)
    let writer = try Connection(path, .write, busyMilliseconds: busyMilliseconds)
    try migrations.check(writer)
    guard try Self.keepLog(writer, within: busyMilliseconds) == "wal" else {
      throw StoreError(
        .inputOutput, "could not keep a log beside \(path)", meaning: "this file system can't share memory",
        advice: "Put the data on a local disk (--data)")
    }
    try writer.script("PRAGMA journal_size_limit = \(StoreLimits.logBytes);")
    try migrations.apply(to: writer)
    let reader = try Connection(path, .read, busyMilliseconds: busyMilliseconds)
    self.path = path
    self.migrations = migrations
    self.writer = Mutex(writer)
    self.reader = Mutex(reader)
  }

  /// Runs `body` as one change: all of it is committed when this returns, none of it when this throws.
  ///
  /// `body` uses the connection that it is given; calling the database from inside would wait for itself.
  @discardableResult
  package func transaction<Value: Sendable>(
    _ durability: Durability = .powerCut, _ body: @Sendable (Connection) throws(StoreError) -> Value
  ) throws(StoreError) -> Value {
    try writer.withLock { connection throws(StoreError) in try connection.transaction(durability, body) }
  }

  /// Runs `body` on one moment of the file, later than every commit that has returned.
  @discardableResult
  package func read<Value: Sendable>(
    _ body: @Sendable (Connection) throws(StoreError) -> Value
  ) throws(StoreError) -> Value {
    try reader.withLock { connection throws(StoreError) in try connection.snapshot(body) }
  }

  /// Brings what is in the log beside the file into the file, which then is the whole state, and empties the log.
  package func settle() throws(StoreError) {
    try writer.withLock { connection throws(StoreError) in
      let busy = try connection.first("PRAGMA wal_checkpoint(TRUNCATE)") { row throws(StoreError) in
        try row.integer(0)
      }
      if busy != 0 { throw StoreError(.locked, "somebody else reads the state", advice: "Let them end first") }
    }
  }

  /// The version of the schema in the file.
  package func version() throws(StoreError) -> Int64 {
    try read { connection throws(StoreError) in try connection.number("PRAGMA user_version") }
  }

  /// What SQLite finds wrong in the file; empty when it is sound. Reads all of it.
  package func complaints() throws(StoreError) -> [String] {
    // Not the shared reader, which others wait for.
    let connection = try Connection(path, .read)
    return try connection.complaints()
  }

  /// Writes the state of this moment to a new file, while others go on reading and writing.
  ///
  /// The file is whole and checked when this returns, and not there when it throws.
  package func backup(to target: String) throws(StoreError) {
    try Database.copy(from: Connection(path, .read), to: target, migrations)
  }

  /// Makes `target` of a backup, after checking that it is sound and of a version that this program knows.
  package static func restore(
    from source: String, to target: String, migrations: Migrations = .state
  ) throws(StoreError) {
    try copy(from: Connection(source, .readOnlyFile), to: target, migrations)
  }

  /// The mode that it is in then. Others that open the file just now may be in the way, for whom SQLite does not wait.
  private static func keepLog(
    _ connection: Connection, within milliseconds: Int32
  ) throws(StoreError) -> String? {
    let pause: Int32 = 5
    for _ in 0..<milliseconds / pause {
      do throws(StoreError) {
        return try connection.first("PRAGMA journal_mode = WAL") { row throws(StoreError) in try row.text(0) }
      } catch  where error.kind == .locked {
        usleep(UInt32(pause) * 1_000)
      }
    }
    return try connection.first("PRAGMA journal_mode = WAL") { row throws(StoreError) in try row.text(0) }
  }

  private static func copy(from source: Connection, to target: String, _ migrations: Migrations) throws(StoreError) {
    for path in [target, target + "-wal", target + "-journal"] {
      guard try !PrivateFile.isThere(path) else {
        throw StoreError(
          .exists, "\(path) is there already", meaning: "a state is never overwritten",
          advice: "Move it away, or choose another name")
      }
    }
    try refuseUnsound(source, migrations)
    try PrivateFile.makeWhole(target) { part throws(StoreError) in
      let copy = try Connection(part, .write)
      try source.copy(to: copy)
      // One file, not three: a log beside a backup would be forgotten when it is copied away.
      try copy.run("PRAGMA journal_mode = DELETE")
      try refuseUnsound(copy, migrations)
    }
  }

  private static func refuseUnsound(_ connection: Connection, _ migrations: Migrations) throws(StoreError) {
    try migrations.check(connection)
    let complaints = try connection.complaints()
    guard complaints.isEmpty else {
      throw StoreError(
        .corrupt, "\(connection.path) is damaged", meaning: complaints.joined(separator: "; "),
        advice: "Take an earlier backup")
    }
  }
}
