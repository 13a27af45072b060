import ApusModel
import ApusStore
import Foundation
import Instruments
import Testing

@Suite struct `A state that can't be used` {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func opening(_ name: String = "apus.db") -> StoreError.Kind? {
    kind { () throws(StoreError) in _ = try Database(folder.file(name)) }
  }

  @Test func `is known by its kind when it is no database`() throws {
    try folder.write("apus.db", Array(String(repeating: "no database at all. ", count: 300).utf8))
    #expect(opening() == .corrupt)
  }

  @Test func `is known by its kind when pages are damaged`() throws {
    do {
      let database = try folder.database()
      for number in 0..<200 {
        _ = try CatalogStore(database).apply(
          .init("f\(number)"), document: String(repeating: "x", count: 500), at: noon)
      }
    }
    var bytes = [UInt8](try Data(contentsOf: URL(filePath: folder.file("apus.db"))))
    for index in 8_192..<bytes.count { bytes[index] ^= 0x5a }
    try folder.write("apus.db", bytes)
    let failed = kind { () throws(StoreError) in
      let database = try Database(folder.file("apus.db"))
      if try !database.complaints().isEmpty { throw StoreError(.corrupt, "", advice: "") }
    }
    #expect(failed == .corrupt)
  }

  @Test func `is another program's`() throws {
    _ = try folder.sqlite("CREATE TABLE t (a); INSERT INTO t VALUES (1);")
    #expect(opening() == .foreign)
    #expect(try folder.sqlite("SELECT a FROM t; PRAGMA journal_mode;") == "1\ndelete")
  }

  @Test func `is a newer program's`() throws {
    do { _ = try folder.database() }
    _ = try folder.sqlite("PRAGMA user_version = 99")
    let known = Migrations.state.version
    #expect(opening() == .newerVersion(found: 99, known: known))
    #expect(try folder.sqlite("PRAGMA user_version") == "99")
  }

  @Test func `has no folder`() throws {
    let failed = kind { () throws(StoreError) in _ = try Database(folder.file("no/apus.db")) }
    #expect(failed == .noAccess)
  }

  @Test func `is a folder itself`() throws {
    try FileManager.default.createDirectory(atPath: folder.file("apus.db"), withIntermediateDirectories: true)
    #expect(opening() == .noAccess)
  }

  @Test func `is locked by another program`() throws {
    let database = try folder.database(busyMilliseconds: 1)
    // The other program holds the lock as long as the change of ours that it runs in takes.
    let script =
      "BEGIN IMMEDIATE;\n.shell touch '\(folder.file("ready"))'\n.shell cat '\(folder.file("end"))'\nROLLBACK;"
    try folder.write("script", Array(script.utf8))
    #expect(mkfifo(folder.file("end"), 0o600) == 0)
    _ = try Shell.run("sqlite3 '\(folder.file("apus.db"))' < '\(folder.file("script"))' >/dev/null 2>&1 &")
    // It opens its end of the pipe after it has the lock; opening ours waits for that.
    let end = open(folder.file("end"), O_WRONLY)
    defer { close(end) }
    #expect(FileManager.default.fileExists(atPath: folder.file("ready")))
    let failed = kind { () throws(StoreError) in
      _ = try CatalogStore(database).apply(anyFunction, document: "{}", at: noon)
    }
    #expect(failed == .locked)
    #expect(try CatalogStore(database).list() == [])
  }

  @Test func `is written to through a connection that reads`() throws {
    let database = try folder.database()
    let failed = kind { () throws(StoreError) in
      _ = try database.read { connection throws(StoreError) in
        try connection.run("DELETE FROM namespaces")
      }
    }
    #expect(failed == .readOnly)
  }

  @Test(arguments: [
    StoreError.Kind.locked, .corrupt, .diskFull, .readOnly, .newerVersion(found: 2, known: 1), .taken(pid: 7),
  ]) func `has a message of three parts`(kind: StoreError.Kind) {
    let error = StoreError(kind, "it happened", meaning: "for a reason", advice: "Do this")
    #expect(error.description == "it happened: for a reason. Do this")
  }

  @Test func `has no room`() throws {
    // Of 512 bytes each (POSIX, ulimit): about a megabyte for each file. The signal is ignored, so writing fails.
    let program = try StoreProgram("fill", in: folder.path, limits: "trap '' XFSZ; ulimit -f 2000")
    let lines = program.lines()
    try expectIntact(folder.path, after: lines)
  }

  @Test(.enabled(if: SmallDisk.isPermitted, "mounting a small disk takes root")) func `has no disk left`() throws {
    let disk = try SmallDisk(at: folder.file("disk"))
    let ballast = FileManager.default.createFile(atPath: disk.path + "/ballast", contents: Data(count: 300_000))
    #expect(ballast)
    let program = try StoreProgram("fill", in: disk.path)
    let lines = program.lines()
    // Reading a log takes room for its index; a few pages may be left for that, or none.
    let again = kind { () throws(StoreError) in _ = try Database(disk.path + "/state/apus.db") }
    #expect(again == nil || again == .diskFull)
    try FileManager.default.removeItem(atPath: disk.path + "/ballast")
    try expectIntact(disk.path, after: lines)
    _ = disk
  }

  /// The program stopped for want of room, and with room again all that it had told of is there.
  private func expectIntact(_ directory: String, after lines: [String]) throws {
    let told = lines.compactMap { Int($0) }
    #expect(told.count > 3)
    #expect(lines.last?.hasPrefix("stopped: diskFull: ") == true, "\(lines.last ?? "nothing")")
    let database = try Database("\(directory)/state/apus.db")
    let catalog = CatalogStore(database)
    #expect(try catalog.list().count == told.count)
    #expect(try database.complaints() == [])
    #expect(try catalog.apply(anyFunction, document: "{}", at: noon).change == .created)
  }
}
