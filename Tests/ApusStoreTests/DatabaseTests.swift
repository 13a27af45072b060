import ApusModel
import ApusStore
import Foundation
import Synchronization
import Testing

@Suite struct `A database` {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  @Test func `is sound in the eyes of another program`() throws {
    let database = try folder.database()
    _ = try CatalogStore(database).apply(.init("hello"), document: "{}", at: noon)
    #expect(try folder.sqlite("PRAGMA integrity_check") == "ok")
    #expect(try folder.sqlite("PRAGMA foreign_key_check") == "")
    #expect(try folder.sqlite("PRAGMA journal_mode") == "wal")
    #expect(
      try folder.sqlite("SELECT namespace, name, generation, document FROM deployments") == "openfaas-fn|hello|1|{}")
    #expect(try database.complaints() == [])
  }

  @Test func `is whole without its log once it has settled`() throws {
    let database = try folder.database()
    _ = try CatalogStore(database).apply(.init("hello"), document: "{}", at: noon)
    try database.settle()
    let copy = try ScratchFolder()
    try FileManager.default.copyItem(atPath: folder.file("apus.db"), toPath: copy.file("apus.db"))
    #expect(try copy.sqlite("SELECT name FROM deployments") == "hello")
    _ = try CatalogStore(database).apply(.init("other"), document: "{}", at: noon)
    #expect(try database.complaints() == [], "it goes on")
  }

  @Test func `belongs to its owner alone, log and index too`() throws {
    let database = try folder.database()
    _ = try CatalogStore(database).apply(.init("hello"), document: "{}", at: noon)
    for name in ["apus.db", "apus.db-wal", "apus.db-shm"] { #expect(try folder.mode(name) == 0o600) }
    #expect(try database.complaints() == [])
  }

  @Test(arguments: [UInt32(0o600), 0o660]) func `has the mode that was asked for, whatever the umask`(mode: UInt32)
    throws
  {
    let database = try Database(folder.file("apus.db"), mode: mode)
    #expect(try folder.mode("apus.db") == Int(mode))
    #expect(try folder.mode("apus.db-wal") == Int(mode))
    _ = database
  }

  @Test func `waits for the disk at each commit that must survive a power cut`() throws {
    let database = try folder.database()
    let full = try database.transaction { connection throws(StoreError) in try connection.number("PRAGMA synchronous") }
    let normal = try database.transaction(.processEnd) { connection throws(StoreError) in
      try connection.number("PRAGMA synchronous")
    }
    #expect([full, normal] == [2, 1])
  }

  @Test func `undoes all of a change that fails`() throws {
    let database = try folder.database()
    let failed = kind { () throws(StoreError) in
      try database.transaction { connection throws(StoreError) in
        try connection.run("INSERT INTO namespaces VALUES ('a', '{}', '{}', 1)")
        try connection.run("INSERT INTO namespaces VALUES ('a', '{}', '{}', 1)")
      }
    }
    #expect(failed == .misuse)
    #expect(try folder.sqlite("SELECT count(*) FROM namespaces") == "1")
    try database.transaction { connection throws(StoreError) in
      try connection.run("INSERT INTO namespaces VALUES ('b', '{}', '{}', 1)")
    }
    #expect(try folder.sqlite("SELECT count(*) FROM namespaces") == "2")
  }

  @Test func `gives back every kind of value as it was`() throws {
    let database = try folder.database()
    let values: [Statement.Value] = [
      .null, .integer(.min), .integer(.max), .real(0.1), .text(""), .text("é\u{0}x"), .bytes([]), .bytes([0, 255]),
    ]
    try database.transaction { connection throws(StoreError) in
      try connection.script("CREATE TABLE t (v ANY) STRICT")
      for value in values { try connection.run("INSERT INTO t VALUES (?)", [value]) }
    }
    let found = try database.read { connection throws(StoreError) in
      let statement = try connection.prepare("SELECT v, typeof(v) FROM t ORDER BY rowid")
      var found: [Statement.Value] = []
      while try statement.step() {
        switch try statement.text(1) {
        case "integer": found.append(.integer(try statement.integer(0)))
        case "real": found.append(.real(try statement.real(0)))
        case "text": found.append(.text(try statement.text(0)))
        case "blob": found.append(.bytes(try statement.bytes(0)))
        default: found.append(statement.isNull(0) ? .null : .text("?"))
        }
      }
      return found
    }
    #expect(found == values)
  }

  @Test func `lets readers read while a change is under way`() throws {
    // writer                          reader
    // inserts
    //                                 sees the rows of before
    // commits
    //                                 sees the new row
    let database = try folder.database()
    let inside = try database.transaction { connection throws(StoreError) in
      try connection.run("INSERT INTO namespaces VALUES ('a', '{}', '{}', 1)")
      return try database.read { reader throws(StoreError) in try reader.number("SELECT count(*) FROM namespaces") }
    }
    #expect(inside == 1)
    #expect(
      try database.read { reader throws(StoreError) in try reader.number("SELECT count(*) FROM namespaces") } == 2)
  }

  @Test func `serves many threads at once`() throws {
    let database = try folder.database()
    let catalog = CatalogStore(database)
    let failures = Mutex(0)
    DispatchQueue.concurrentPerform(iterations: 8) { thread in
      do {
        for number in 0..<25 {
          _ = try catalog.apply(.init("f\(thread)"), document: "{\"n\":\(number)}", at: noon)
          _ = try catalog.list()
        }
      } catch { failures.withLock { $0 += 1 } }
    }
    #expect(failures.withLock { $0 } == 0)
    #expect(try catalog.list().map(\.generation) == Array(repeating: 25, count: 8))
  }
}
