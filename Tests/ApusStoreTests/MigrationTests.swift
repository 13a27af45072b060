import ApusStore
import Instruments
import Synchronization
import Testing

@Suite struct `A history of migrations` {
  let folder: ScratchFolder
  let first = Migration(1, "a table", "CREATE TABLE t (a INTEGER) STRICT; INSERT INTO t VALUES (1);")
  let second = Migration(2, "a column", "ALTER TABLE t ADD COLUMN b INTEGER NOT NULL DEFAULT 2;")
  let broken = Migration(2, "a slip", "INSERT INTO t VALUES (9); SELECT no_such_column FROM t;")

  init() throws { folder = try ScratchFolder() }

  private func open(_ steps: Migration...) throws(StoreError) -> Int64 {
    try Database(folder.file("apus.db"), migrations: Migrations(applicationID: 7, steps)).version()
  }

  @Test func `brings an old file to today's version, and keeps its rows`() throws {
    #expect(try open(first) == 1)
    #expect(try open(first, second) == 2)
    #expect(try folder.sqlite("SELECT a, b FROM t") == "1|2")
    #expect(try open(first, second) == 2)
    #expect(try folder.sqlite("SELECT count(*) FROM t; PRAGMA application_id;") == "1\n7")
  }

  @Test func `is gone through by one of many that open a new file at once, and mistaken by none`() {
    let failures = Mutex<[String]>([])
    for round in 0..<40 {
      let path = folder.file("\(round).db")
      let threads = (0..<4).map { _ in
        OwnThread { [first, second] in
          do throws(StoreError) {
            _ = try Database(path, migrations: Migrations(applicationID: 7, [first, second]))
          } catch {
            failures.withLock { $0.append("\(error)") }
          }
        }
      }
      for thread in threads { thread.join() }
    }
    #expect(failures.withLock { $0 } == [])
  }

  @Test func `leaves the version before when a step fails`() throws {
    #expect(try open(first) == 1)
    #expect(kind { () throws(StoreError) in _ = try open(first, broken) } == .misuse)
    #expect(try folder.sqlite("SELECT count(*) FROM t; PRAGMA user_version;") == "1\n1")
    #expect(try open(first, second) == 2)
  }

  @Test func `does not touch what a later program made`() throws {
    #expect(try open(first, second) == 2)
    #expect(kind { () throws(StoreError) in _ = try open(first) } == .newerVersion(found: 2, known: 1))
    let error = #expect(throws: StoreError.self) { try open(first) }
    #expect(error?.description.contains("Run that newer Apus") == true)
  }

  @Test func `takes the gateway's state to its last step`() throws {
    let database = try folder.database()
    #expect(try database.version() == Migrations.state.version)
    #expect(try folder.sqlite("PRAGMA integrity_check") == "ok")
  }
}
