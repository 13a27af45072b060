import CSQLite
import Glibc

/// One connection to a SQLite file, for one thread at a time; `Database` sees to that.
package final class Connection {
  enum Access {
    case write
    /// Sees committed rows and changes none. Opened for writing all the same: who reads a log takes part in its index.
    case read
    /// A file at rest that nobody else has open.
    case readOnlyFile
    /// Another program's file, in a folder in which that program may put links.
    case foreign
  }

  package let path: String
  private let handle: OpaquePointer
  private var idle: [String: OpaquePointer] = [:]
  private var durability: Durability?

  init(_ path: String, _ access: Access, busyMilliseconds: Int32 = StoreLimits.busyMilliseconds) throws(StoreError) {
    // NOMUTEX: Database has a lock of its own around every use. The file exists: with CREATE it would be 0644.
    var mode = access == .readOnlyFile ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE
    if access == .foreign { mode |= SQLITE_OPEN_NOFOLLOW }
    var opened: OpaquePointer?
    let code = sqlite3_open_v2(path, &opened, mode | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nil)
    guard let opened else {
      throw StoreError(.outOfMemory, "could not open \(path)", advice: "Free memory and try again")
    }
    self.path = path
    handle = opened
    guard code == SQLITE_OK else { throw failure(code, "open") }
    sqlite3_busy_timeout(handle, busyMilliseconds)
    let hardened = apus_harden(handle)
    guard hardened == SQLITE_OK else { throw failure(hardened, "open") }
    try script("PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA cell_size_check = ON;")
    if access == .read || access == .foreign { try script("PRAGMA query_only = ON;") }
  }

  deinit {
    for statement in idle.values { sqlite3_finalize(statement) }
    // Never fails; what a forgotten statement still holds is closed with it.
    sqlite3_close_v2(handle)
  }

  /// Compiles one statement, or takes the one that was compiled before.
  package func prepare(_ sql: String, _ values: [Statement.Value] = []) throws(StoreError) -> Statement {
    let statement = Statement(try take(sql), sql: sql, of: self)
    try statement.bind(values)
    return statement
  }

  private func take(_ sql: String) throws(StoreError) -> OpaquePointer {
    if let kept = idle.removeValue(forKey: sql) { return kept }
    var made: OpaquePointer?
    let code = sqlite3_prepare_v3(handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &made, nil)
    guard code == SQLITE_OK, let made else { throw failure(code, "use") }
    return made
  }

  func giveBack(_ statement: OpaquePointer, sql: String) {
    sqlite3_reset(statement)
    sqlite3_clear_bindings(statement)
    if idle.count < StoreLimits.statements, idle[sql] == nil {
      idle[sql] = statement
    } else {
      sqlite3_finalize(statement)
    }
  }

  /// Runs statements without parameters or rows, one after the other.
  package func script(_ sql: String) throws(StoreError) {
    errno = 0
    let code = sqlite3_exec(handle, sql, nil, nil, nil)
    guard code == SQLITE_OK else { throw failure(code, "use") }
  }

  /// What the result code of the last call means.
  func failure(_ code: CInt, _ operation: String) -> StoreError {
    // SQLite keeps no errno of a commit that failed; `step` and `script` clear it, so this is the last call's.
    let last = errno
    let kept = sqlite3_system_errno(handle)
    // After NOMEM there may be no message; errstr needs no memory.
    let message = String(cString: code == SQLITE_NOMEM ? sqlite3_errstr(code) : sqlite3_errmsg(handle))
    return StoreError(sqlite: code, system: kept == 0 ? last : kept, message: message, operation, path)
  }

  /// Whether a transaction is open.
  private var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }

  func transaction<Value>(
    _ durability: Durability, _ body: (Connection) throws(StoreError) -> Value
  ) throws(StoreError) -> Value {
    // Has no effect inside a transaction (pragma synchronous).
    if self.durability != durability {
      try script(durability == .powerCut ? "PRAGMA synchronous = FULL;" : "PRAGMA synchronous = NORMAL;")
      self.durability = durability
    }
    // IMMEDIATE: a lock that can't be had is found out here, before anything was decided.
    return try enclose("BEGIN IMMEDIATE", body)
  }

  /// Reads from one moment of the file.
  func snapshot<Value>(_ body: (Connection) throws(StoreError) -> Value) throws(StoreError) -> Value {
    return try enclose("BEGIN", body)
  }

  private func enclose<Value>(
    _ begin: String, _ body: (Connection) throws(StoreError) -> Value
  ) throws(StoreError) -> Value {
    try run(begin)
    do throws(StoreError) {
      let value = try body(self)
      try run("COMMIT")
      return value
    } catch {
      // Some errors, a full disk among them, have undone it already (lang_transaction, section 4).
      if isInTransaction { _ = try? run("ROLLBACK") }
      throw error
    }
  }

  /// Copies all pages of this file over those of `target`, as of one moment.
  func copy(to target: Connection) throws(StoreError) {
    guard let backup = sqlite3_backup_init(target.handle, "main", handle, "main") else {
      throw target.failure(sqlite3_extended_errcode(target.handle), "write")
    }
    let code = sqlite3_backup_step(backup, -1)
    // Whose error it was is not told apart; `finish` leaves it with the target (sqlite3_backup_finish).
    let end = sqlite3_backup_finish(backup)
    guard code == SQLITE_DONE, end == SQLITE_OK else { throw target.failure(end == SQLITE_OK ? code : end, "write") }
  }

  var changes: Int { Int(sqlite3_changes64(handle)) }
}
