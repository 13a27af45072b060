import ApusStore
import Foundation
import Synchronization
import Testing

@Suite struct `A key file` {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func opening() -> StoreError.Kind? {
    kind { () throws(StoreError) in _ = try KeyRing.openOrMake(folder.file("key")) }
  }

  @Test func `is made once, for its owner alone`() throws {
    let made = try KeyRing.openOrMake(folder.file("key"))
    #expect(try folder.mode("key") == 0o600)
    #expect(try Data(contentsOf: URL(filePath: folder.file("key"))).count == 32)
    let again = try KeyRing.openOrMake(folder.file("key"))
    #expect(made.ids == again.ids)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["key"])
  }

  @Test func `is one and the same for all who start at once`() throws {
    let ids = Mutex<Set<[UInt8]>>([])
    let answers = Mutex(0)
    DispatchQueue.concurrentPerform(iterations: 8) { _ in
      guard let ring = try? KeyRing.openOrMake(folder.file("key")) else { return }
      answers.withLock { $0 += 1 }
      _ = ids.withLock { $0.insert(ring.sealingID) }
    }
    #expect(ids.withLock { $0.count } == 1)
    #expect(answers.withLock { $0 } == 8)
    #expect(try Data(contentsOf: URL(filePath: folder.file("key"))).count == 32)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["key"])
  }

  @Test(arguments: [0o640, 0o604, 0o644, 0o620, 0o777]) func `is refused when others can read it`(mode: Int) throws {
    try folder.write("key", [UInt8](repeating: 7, count: 32), mode: mode)
    #expect(opening() == .badKeyFile)
  }

  @Test(arguments: [0, 1, 31, 33, 63, 17 * 32, 100_000]) func `is refused with a wrong length`(count: Int) throws {
    try folder.write("key", [UInt8](repeating: 7, count: count))
    #expect(opening() == .badKeyFile)
  }

  @Test(arguments: [32, 64, 16 * 32]) func `holds one key or several`(count: Int) throws {
    try folder.write("key", (0..<count).map { UInt8($0 / 32) })
    let ring = try KeyRing.open(folder.file("key"))
    #expect(Set(ring.ids).count == count / 32)
  }

  @Test func `is refused as a symbolic link`() throws {
    try folder.write("other", [UInt8](repeating: 7, count: 32))
    try FileManager.default.createSymbolicLink(atPath: folder.file("key"), withDestinationPath: folder.file("other"))
    #expect(opening() == .badKeyFile)
  }

  @Test func `is refused as a pipe, without waiting for its writer`() throws {
    #expect(mkfifo(folder.file("key"), 0o600) == 0)
    #expect(opening() == .badKeyFile)
  }

  @Test func `is refused as a folder`() throws {
    try FileManager.default.createDirectory(atPath: folder.file("key"), withIntermediateDirectories: true)
    #expect(opening() == .badKeyFile)
  }

  @Test func `is never written over`() throws {
    try folder.write("key", [UInt8](repeating: 7, count: 32))
    #expect(kind { () throws(StoreError) in try KeyRing.random().write(to: folder.file("key")) } == .exists)
    #expect(try Data(contentsOf: URL(filePath: folder.file("key"))) == Data(repeating: 7, count: 32))
  }
}
