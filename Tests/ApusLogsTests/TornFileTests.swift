import ApusLogs
import Foundation
import Instruments
import Testing

@Suite struct `A log that a process was killed in` {
  let scratch: ScratchFolder

  init() throws { scratch = try ScratchFolder() }

  /// A file of three lines, and its length after each: the mark's, then the lines'.
  private func sample() throws -> (name: String, content: Data, ends: [Int]) {
    let folder = scratch.path + "/whole"
    let ring = LogRing(folder: folder)
    var ends = [8]
    for text in ["first", "", "third, longer than the others"] {
      ring.add(text)
      ring.flush()
      ends.append(scratch.bytes(folder))
    }
    let name = try #require(scratch.segments(folder).first)
    let content = try #require(FileManager.default.contents(atPath: folder + "/" + name))
    return (name, content, ends)
  }

  private func ring(_ folder: String, _ name: String, _ content: Data) throws -> LogRing {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try content.write(to: URL(fileURLWithPath: folder + "/" + name))
    return LogRing(folder: folder)
  }

  @Test func `loses only the torn line, wherever the tear is`() throws {
    let (name, content, ends) = try sample()
    let texts = ["first", "", "third, longer than the others"]
    for length in 0...content.count {
      let folder = scratch.path + "/torn-\(length)"
      let whole = ends.dropFirst().filter { $0 <= length }.count
      let kept = Array(texts.prefix(whole))
      let ring = try ring(folder, name, content.prefix(length))
      #expect(ring.texts() == kept)
      ring.add("after")
      ring.flush()
      #expect(ring.texts() == kept + ["after"])
      #expect(ring.records().last?.sequence == UInt64(whole + 1))
      // Also for the process after that one.
      #expect(LogRing(folder: folder).texts() == kept + ["after"])
    }
  }

  @Test func `never shows a damaged line, whichever byte is wrong`() throws {
    let (name, content, ends) = try sample()
    let texts = ["first", "", "third, longer than the others"]
    for at in 0..<content.count {
      var damaged = content
      damaged[at] ^= 0x41
      let whole = at < 8 ? 0 : ends.dropFirst().filter { $0 <= at }.count
      let folder = scratch.path + "/damaged-\(at)"
      let ring = try ring(folder, name, damaged)
      #expect(ring.texts() == Array(texts.prefix(whole)), "byte \(at)")
      ring.add("after")
      ring.flush()
      #expect(ring.texts() == Array(texts.prefix(whole)) + ["after"], "byte \(at)")
    }
  }

  @Test func `takes zeros at the end, as a file system leaves them after a power cut, for nothing`() throws {
    let (name, content, _) = try sample()
    let ring = try ring(scratch.path + "/zeros", name, content + Data(count: 5000))
    #expect(ring.texts().count == 3)
    ring.add("after")
    ring.flush()
    #expect(ring.texts().last == "after")
  }

  @Test func `says how much an older segment has lost`() throws {
    let folder = scratch.path + "/old"
    let first = LogRing(folder: folder, limits: .small(segment: 1024))
    for line in 0..<30 { first.add("line \(line) \(String(repeating: "x", count: 20))") }
    first.flush()
    let oldest = try #require(scratch.segments(folder).first)
    #expect(truncate(folder + "/" + oldest, 200) == 0)
    let ring = LogRing(folder: folder, limits: .small(segment: 1024))
    var cursor = LogCursor()
    var skipped: UInt64 = 0
    var records: [LogRecord] = []
    while let batch = ring.next(&cursor) {
      skipped += batch.skipped
      records += batch.records
    }
    let from = try #require(records.first).sequence
    #expect(skipped > 0)
    #expect(UInt64(records.count) + skipped == 31 - from)
  }

  @Test func `passes over files that are not its own`() throws {
    let (name, content, _) = try sample()
    let folder = scratch.path + "/foreign"
    let ring = try ring(folder, name, content)
    for foreign in ["notes.txt", "0000000000000000.log", "000000000000000A.log", "+000000000000001.log", ".log"] {
      try Data("x".utf8).write(to: URL(fileURLWithPath: folder + "/" + foreign))
    }
    #expect(ring.texts().count == 3)
    ring.remove()
    #expect(scratch.segments(folder).count == 5)
  }
}
