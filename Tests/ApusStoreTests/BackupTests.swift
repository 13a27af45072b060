import ApusModel
import ApusStore
import Foundation
import Testing

@Suite struct `A backup` {
  let folder: ScratchFolder
  let database: Database

  init() throws {
    folder = try ScratchFolder()
    database = try folder.database()
    _ = try CatalogStore(database).apply(anyFunction, document: "{\"a\":1}", at: noon)
    _ = try folder.secrets(database).create(secret("key", "one"), at: noon)
  }

  @Test func `is one sound file with all in it`() throws {
    try database.backup(to: folder.file("backup"))
    #expect(
      try folder.sqlite("PRAGMA integrity_check; PRAGMA journal_mode; SELECT document FROM deployments;", "backup")
        == "ok\ndelete\n{\"a\":1}")
    #expect(try folder.mode("backup") == 0o600)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasPrefix("backup") }
    #expect(names == ["backup"])
  }

  @Test func `is of one moment, while others write`() throws {
    let catalog = CatalogStore(database)
    DispatchQueue.concurrentPerform(iterations: 2) { thread in
      if thread == 0 {
        for number in 0..<100 { _ = try? catalog.apply(anyFunction, document: "\(number)", at: noon) }
      } else {
        for number in 0..<5 { try? database.backup(to: folder.file("backup\(number)")) }
      }
    }
    for number in 0..<5 {
      #expect(
        try folder.sqlite("PRAGMA integrity_check; SELECT count(*) FROM deployments", "backup\(number)") == "ok\n1")
    }
  }

  @Test func `brings everything back`() throws {
    try database.backup(to: folder.file("backup"))
    try Database.restore(from: folder.file("backup"), to: folder.file("new.db"))
    let restored = try Database(folder.file("new.db"))
    #expect(try CatalogStore(restored).get(anyFunction) == CatalogStore(database).get(anyFunction))
    let store = try folder.secrets(restored)
    #expect(text(try store.open(SecretName("key"), namespace: "openfaas-fn")) == "one")
    #expect(try folder.mode("new.db") == 0o600)
  }

  @Test func `without its key says what it can't open`() throws {
    try database.backup(to: folder.file("backup"))
    try Database.restore(from: folder.file("backup"), to: folder.file("new.db"))
    let store = SecretStore(try Database(folder.file("new.db")), SealedBox(try KeyRing.random()))
    #expect(try store.unopenable().map(\.name.text) == ["key"])
  }

  @Test func `of another program's file has what its log has, while it is written`() throws {
    try Database.copy(foreign: database.path, to: folder.file("copy"))
    #expect(try folder.sqlite("PRAGMA integrity_check; SELECT document FROM deployments", "copy") == "ok\n{\"a\":1}")
    #expect(try folder.mode("copy") == 0o600)
    #expect(try CatalogStore(database).get(anyFunction) != nil, "and goes on")
  }

  @Test func `follows no link to another program's file`() throws {
    #expect(symlink(database.path, folder.file("link")) == 0)
    #expect(throws: StoreError.self) { try Database.copy(foreign: folder.file("link"), to: folder.file("copy")) }
  }

  @Test func `overwrites nothing`() throws {
    #expect(kind { () throws(StoreError) in try database.backup(to: folder.file("key")) } == .exists)
    try database.backup(to: folder.file("backup"))
    let failed = kind { () throws(StoreError) in
      try Database.restore(from: folder.file("backup"), to: folder.file("apus.db"))
    }
    #expect(failed == .exists)
  }

  @Test func `that is damaged is not restored`() throws {
    for number in 0..<100 {
      let name = try FunctionName("f\(number)")
      _ = try CatalogStore(database).apply(name, document: String(repeating: "x", count: 500), at: noon)
    }
    try database.backup(to: folder.file("backup"))
    var bytes = [UInt8](try Data(contentsOf: URL(filePath: folder.file("backup"))))
    for index in stride(from: 9_000, to: bytes.count, by: 97) { bytes[index] ^= 0xff }
    try folder.write("damaged", bytes)
    let failed = kind { () throws(StoreError) in
      try Database.restore(from: folder.file("damaged"), to: folder.file("new.db"))
    }
    #expect(failed == .corrupt)
    #expect(!FileManager.default.fileExists(atPath: folder.file("new.db")))
  }

  @Test func `of a later program is not restored`() throws {
    try database.backup(to: folder.file("backup"))
    _ = try folder.sqlite("PRAGMA user_version = 99", "backup")
    let failed = kind { () throws(StoreError) in
      try Database.restore(from: folder.file("backup"), to: folder.file("new.db"))
    }
    #expect(failed == .newerVersion(found: 99, known: Migrations.state.version))
  }
}
