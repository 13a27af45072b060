import ApusJSON
import ApusStore

/// Accounts in one SQLite file, which several programs may share.
package final class SQLiteAccountStore: AccountStore {
  private let database: Database

  /// Opens the file, after making it readable for its owner and group if there is none: the group is the volume's.
  package init(path: String) throws(AccountError) {
    do throws(StoreError) {
      database = try Database(path, migrations: .accounts, mode: 0o660)
    } catch {
      throw AccountError(error)
    }
  }

  package func account(_ id: AccountID) throws(AccountError) -> Account? {
    try one("SELECT document FROM accounts WHERE id = ?", .text(id.text))
  }

  package func account(named folded: String) throws(AccountError) -> Account? {
    try one("SELECT document FROM accounts WHERE folded = ?", .text(folded))
  }

  package func insert(_ account: Account, at now: Int64, pendingLimit: Int) throws(AccountError) -> Insertion {
    let document = try SQLiteAccountStore.text(account)
    return try change { connection throws(StoreError) in
      try connection.run(
        "DELETE FROM accounts WHERE folded = ? AND dies_at <= ?", [.text(account.login.folded), .integer(now)])
      let taken = "SELECT count(*) FROM accounts WHERE folded = ?"
      guard try connection.number(taken, [.text(account.login.folded)]) == 0 else { return .taken }
      let waiting = try connection.number("SELECT count(*) FROM accounts WHERE dies_at > ?", [.integer(now)])
      guard waiting < Int64(pendingLimit) else { return .full }
      try connection.run(
        "INSERT INTO accounts VALUES (?, ?, ?, ?, ?)",
        [
          .text(account.id.text), .text(account.login.folded), .integer(account.revision),
          .integer(orNull: account.diesAt), .text(document),
        ])
      return .made
    }
  }

  package func replace(_ account: Account) throws(AccountError) -> Bool {
    var next = account
    next.revision += 1
    let document = try SQLiteAccountStore.text(next)
    let values: [Statement.Value] = [
      .integer(next.revision), .integer(orNull: next.diesAt), .text(document), .text(account.id.text),
      .integer(account.revision),
    ]
    return try change { connection throws(StoreError) in
      try connection.run(
        "UPDATE accounts SET revision = ?, dies_at = ?, document = ? WHERE id = ? AND revision = ?", values) == 1
    }
  }

  package func accounts(after folded: String, limit: Int) throws(AccountError) -> [Account] {
    let texts = try read { connection throws(StoreError) in
      try connection.rows(
        "SELECT document FROM accounts WHERE folded > ? ORDER BY folded LIMIT ?",
        [.text(folded), .integer(Int64(limit))]
      ) { row throws(StoreError) in try row.text(0) }
    }
    var accounts: [Account] = []
    for text in texts { accounts.append(try SQLiteAccountStore.account(text)) }
    return accounts
  }

  package func sweep(at now: Int64) throws(AccountError) {
    try change(.processEnd) { connection throws(StoreError) in
      try connection.run("DELETE FROM accounts WHERE dies_at <= ?", [.integer(now)])
      try connection.run("DELETE FROM strikes WHERE ends_at <= ?", [.integer(now)])
      try connection.run("DELETE FROM events WHERE at <= ?", [.integer(now - AccountLimits.auditSeconds)])
    }
  }

  package func strikes(_ name: String) throws(AccountError) -> Strikes {
    try read { connection throws(StoreError) in try Self.strikes(name, connection) }
  }

  package func change(
    _ name: String, from old: Strikes, to new: Strikes, until end: Int64
  ) throws(AccountError) -> Bool {
    try change(.processEnd) { connection throws(StoreError) in
      guard try Self.strikes(name, connection) == old else { return false }
      try connection.run(
        "INSERT OR REPLACE INTO strikes VALUES (?, ?, ?, ?)",
        [.text(name), .integer(new.count), .integer(new.last), .integer(end)])
      return true
    }
  }

  private static func strikes(_ name: String, _ connection: Connection) throws(StoreError) -> Strikes {
    try connection.first("SELECT count, last FROM strikes WHERE name = ?", [.text(name)]) { row throws(StoreError) in
      Strikes(count: try row.integer(0), last: try row.integer(1))
    } ?? .none
  }

  // MARK: - Around the database

  private func one(_ sql: String, _ value: Statement.Value) throws(AccountError) -> Account? {
    let text = try read { connection throws(StoreError) in
      try connection.first(sql, [value]) { row throws(StoreError) in try row.text(0) }
    }
    guard let text else { return nil }
    return try SQLiteAccountStore.account(text)
  }

  private static func account(_ text: String) throws(AccountError) -> Account {
    guard let document = try? JSON.parse(Array(text.utf8)) else {
      throw AccountError(.damaged, "a stored account is no document", advice: "Restore a backup")
    }
    return try Account(document: document)
  }

  private static func text(_ account: Account) throws(AccountError) -> String {
    guard let bytes = try? account.document.serialise() else {
      throw AccountError(.misuse, "an account can't be written", advice: "This is a defect of the program: report it")
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  func read<Value: Sendable>(
    _ body: @Sendable (Connection) throws(StoreError) -> Value
  ) throws(AccountError) -> Value {
    do throws(StoreError) {
      return try database.read(body)
    } catch {
      throw AccountError(error)
    }
  }

  @discardableResult
  func change<Value: Sendable>(
    _ durability: Durability = .powerCut, _ body: @Sendable (Connection) throws(StoreError) -> Value
  ) throws(AccountError) -> Value {
    do throws(StoreError) {
      return try database.transaction(durability, body)
    } catch {
      throw AccountError(error)
    }
  }
}
