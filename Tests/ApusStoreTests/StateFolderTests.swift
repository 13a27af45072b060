import ApusStore
import Foundation
import Instruments
import Testing

@Suite struct `A state folder` {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  @Test func `is refused to a second gateway, which learns who has it`() throws {
    let program = try StoreProgram("hold", in: folder.path)
    #expect(program.line() == "held")
    let error = #expect(throws: StoreError.self) { _ = try StateFolder(in: folder.path) }
    #expect(error?.kind == .taken(pid: program.pid))
    #expect(error?.description.contains("process \(program.pid)") == true)
  }

  @Test func `is free when its holder is dead`() throws {
    do {
      let program = try StoreProgram("hold", in: folder.path)
      #expect(program.line() == "held")
      _ = program.kill()
    }
    let state = try StateFolder(in: folder.path)
    #expect(state.databasePath == folder.file("state/apus.db"))
    #expect(try folder.mode("state") == 0o700)
    #expect(try folder.mode("state/lock") == 0o600)
    #expect(kind { () throws(StoreError) in _ = try StateFolder(in: folder.path) } == .taken(pid: getpid()))
    _ = consume state
    _ = try StateFolder(in: folder.path)
  }

  @Test func `is free when its holder is dead, though a child of that still has the lock for a moment`() throws {
    do { _ = try StateFolder(in: folder.path) }
    let lock = folder.file("state/lock")
    // The number is above all that the kernel gives; the lock stays with the descriptor for 300 ms.
    let holds = "exec 9<>'\(lock)'; flock 9; echo 99999999 >'\(lock)'; (sleep 0.3) >/dev/null 2>&1 & true"
    #expect(try Shell.run(holds).status == 0)
    _ = try StateFolder(in: folder.path)
  }

  @Test func `loses what was left half made`() throws {
    do { _ = try StateFolder(in: folder.path) }
    try folder.write("state/key.part-7-1", [1])
    try folder.write("state/key", [2])
    do { _ = try StateFolder(in: folder.path) }
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.file("state"))
    #expect(names.sorted() == ["key", "lock"])
  }

  @Test func `needs a folder to be in`() throws {
    #expect(kind { () throws(StoreError) in _ = try StateFolder(in: folder.file("none")) } == .noAccess)
  }
}
