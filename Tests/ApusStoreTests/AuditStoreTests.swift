import ApusIO
import ApusStore
import Testing

@Suite struct `An audit` {
  let folder: ScratchFolder
  let database: Database
  let audit: AuditStore

  init() throws {
    folder = try ScratchFolder()
    database = try folder.database()
    audit = AuditStore(database, limit: 10_000)
  }

  private func entry(_ subject: String) -> AuditEntry {
    AuditEntry(at: noon, actor: "admin", action: "replace secret", subject: subject)
  }

  @Test func `is read newest first, page by page`() throws {
    for number in 1...5 { try audit.append(entry("s\(number)")) }
    let page = try audit.newest(2)
    #expect(page.map(\.entry) == [entry("s5"), entry("s4")])
    let next = try audit.newest(10, before: page.last?.number ?? 0)
    #expect(next.map(\.entry.subject) == ["s3", "s2", "s1"])
  }

  @Test func `can't be edited or shortened, not even by another program`() throws {
    try audit.append(entry("s"))
    #expect(try folder.sqlite("UPDATE audit SET actor = 'nobody'").contains("append only"))
    #expect(try folder.sqlite("DELETE FROM audit").contains("append only"))
    #expect(try audit.newest(10).map(\.entry) == [entry("s")])
  }

  @Test func `has an end`() throws {
    try database.transaction { connection throws(StoreError) in
      for number in 1...10_003 { try audit.append(entry("s\(number)"), in: connection) }
    }
    #expect(try folder.sqlite("SELECT count(*), min(id), max(id) FROM audit") == "10000|4|10003")
  }

  @Test func `cuts a text without end between two characters`() throws {
    try audit.append(entry(String(repeating: "é", count: 10_000)))
    let kept = try audit.newest(1).first?.entry.subject ?? ""
    #expect(kept.utf8.count <= StoreLimits.auditTextBytes)
    #expect(kept == String(repeating: "é", count: 254) + "…")
  }
}
