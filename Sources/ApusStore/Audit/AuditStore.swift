/// The record of what was changed by whom: bounded, and nothing of it is ever edited.
package struct AuditStore: Sendable {
  private let database: Database
  private let limit: Int64

  /// Keeps the newest `limit` entries, 10,000 at least.
  package init(_ database: Database, limit: Int64 = StoreLimits.auditEntries) {
    self.database = database
    self.limit = max(limit, 10_000)
  }

  /// Adds an entry; the oldest goes when there are too many.
  package func append(_ entry: AuditEntry) throws(StoreError) {
    try database.transaction { connection throws(StoreError) in try append(entry, in: connection) }
  }

  /// Adds an entry in the transaction of what it records, so that neither is there without the other.
  package func append(_ entry: AuditEntry, in connection: Connection) throws(StoreError) {
    let texts = [entry.actor, entry.action, entry.subject].map { Statement.Value.text(AuditStore.cut($0)) }
    try connection.run(
      "INSERT INTO audit (at, actor, action, subject) VALUES (?, ?, ?, ?)", [.instant(entry.at)] + texts)
    try connection.run("DELETE FROM audit WHERE id <= (SELECT max(id) FROM audit) - ?", [.integer(limit)])
  }

  /// An entry with its number, by which the reader asks for those before it.
  package struct Numbered: Equatable, Sendable {
    package let number: Int64
    package let entry: AuditEntry
  }

  /// The newest entries, newest first; those before `number` if it is given.
  package func newest(_ count: Int, before number: Int64 = .max) throws(StoreError) -> [Numbered] {
    try database.read { connection throws(StoreError) in
      try connection.rows(
        "SELECT id, at, actor, action, subject FROM audit WHERE id < ? ORDER BY id DESC LIMIT ?",
        [.integer(number), .integer(Int64(max(0, count)))]
      ) { row throws(StoreError) in
        let entry = AuditEntry(
          at: try row.instant(1), actor: try row.text(2), action: try row.text(3), subject: try row.text(4))
        return Numbered(number: try row.integer(0), entry: entry)
      }
    }
  }

  /// A text from outside may be of any length; whole characters of it stay.
  private static func cut(_ text: String) -> String {
    guard text.utf8.count > StoreLimits.auditTextBytes else { return text }
    var bytes = 0
    let kept = text.unicodeScalars.prefix { scalar in
      bytes += UTF8.width(scalar)
      return bytes <= StoreLimits.auditTextBytes - 3
    }
    return String(kept) + "…"
  }
}
