import ApusIO
import ApusLogs
import ApusTelemetry
import Foundation
import Instruments
import Testing

@Suite struct `A ring of lines` {
  let scratch: ScratchFolder

  init() throws { scratch = try ScratchFolder() }

  @Test func `gives back what it was given`() throws {
    let ring = LogRing(folder: scratch.path + "/ns/f")
    ring.add(#"{"level":"info","call_id":"abc-1"}"#, at: 1_500_000_000)
    ring.add([0xff, 0x00, 0x0a, 0x80], instance: "replica-2", stream: .stderr, at: -1)
    ring.add("", at: 3)
    #expect(ring.records().isEmpty)
    ring.flush()
    let records = ring.records()
    #expect(records.map(\.sequence) == [1, 2, 3])
    #expect(records.map(\.callID) == ["abc-1", nil, nil])
    #expect(records.map(\.instance) == ["replica-1", "replica-2", "replica-1"])
    #expect(records.map(\.stream) == [.stdout, .stderr, .stdout])
    #expect(records[0].time.seconds == 1 && records[0].time.nanoseconds == 500_000_000)
    #expect(records[1].time.seconds == -1 && records[1].time.nanoseconds == 999_999_999)
    #expect(records[1].text == [0xff, 0x00, 0x0a, 0x80])
    #expect(records[1].readableText == "\u{fffd}\0\n\u{fffd}\n")
    #expect(records[2].readableText == "\n")
  }

  @Test(arguments: [700, 1024, 5000]) func `never holds more on disk than its bound`(segment: Int) throws {
    let folder = scratch.path + "/f"
    let ring = LogRing(folder: folder, limits: .small(segment: segment))
    for line in 0..<400 {
      ring.add("line \(line) " + String(repeating: "x", count: line % 90))
      if line % 7 == 0 {
        ring.flush()
        #expect(scratch.bytes(folder) <= 2 * segment)
      }
    }
    ring.flush()
    #expect(scratch.bytes(folder) <= 2 * segment)
    #expect(scratch.segments(folder).count == 2)
    let records = ring.records()
    // The newest lines are all there, in order and without a gap.
    #expect(records.last?.sequence == 400)
    #expect(records.allSatisfy { $0.bytesMissing == 0 })
    #expect(records.map(\.sequence) == Array((401 - UInt64(records.count))...400))
    #expect(ring.lostLines == 0)
  }

  @Test func `goes on where an earlier process ended`() throws {
    let folder = scratch.path + "/f"
    var expected: [String] = []
    for life in 0..<20 {
      let ring = LogRing(folder: folder, limits: .small(segment: 2048))
      for line in 0..<5 {
        expected.append("life \(life) line \(line)")
        ring.add("life \(life) line \(line)")
      }
      ring.flush()
      let records = ring.records()
      #expect(records.map { String(decoding: $0.text, as: UTF8.self) } == expected.suffix(records.count))
      #expect(records.last?.sequence == UInt64(expected.count))
    }
    #expect(scratch.bytes(folder) <= 4096)
  }

  @Test func `keeps nothing open and makes no folder before the first line`() throws {
    let ring = LogRing(folder: scratch.path + "/a/b/c")
    ring.flush()
    #expect(ring.records().isEmpty)
    #expect(!FileManager.default.fileExists(atPath: scratch.path + "/a"))
    let before = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
    ring.add("x")
    ring.flush()
    #expect(ring.texts() == ["x"])
    #expect(try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count == before)
  }

  @Test(arguments: [0, 1, 2]) func `survives somebody who tampers with its files`(kind: Int) throws {
    let folder = scratch.path + "/f"
    let ring = LogRing(folder: folder)
    ring.add("before")
    ring.flush()
    let file = folder + "/" + scratch.segments(folder)[0]
    switch kind {
    case 0: try FileManager.default.removeItem(atPath: folder)
    case 1: #expect(truncate(file, 10) == 0)
    default: #expect(truncate(file, 0) == 0)
    }
    ring.add("after")
    ring.flush()
    #expect(ring.texts() == ["after"])
    #expect(ring.records().map(\.sequence) == [2])
    #expect(LogRing(folder: folder).texts() == ["after"])
  }

  @Test func `forgets its lines when it is removed`() throws {
    let ring = LogRing(folder: scratch.path + "/f")
    ring.add("x")
    ring.flush()
    ring.add("waiting")
    ring.remove()
    ring.add("late")
    ring.flush()
    #expect(ring.records().isEmpty && ring.waitingBytes == 0)
    #expect(!FileManager.default.fileExists(atPath: scratch.path + "/f"))
  }

  @Test func `takes a million short lines in bounded memory`() throws {
    let folder = scratch.path + "/f"
    let ring = LogRing(folder: folder)
    var output = ReplicaOutput(ring, instance: "replica-1", stream: .stdout)
    let chunk = Array(String(repeating: "ok\n", count: 1000).utf8)
    var most = 0
    for _ in 0..<1000 {
      chunk.withUnsafeBytes { output.take($0) }
      most = max(most, ring.waitingBytes)
      if ring.waitingBytes >= ring.limits.flushBytes { ring.flush() }
    }
    ring.flush()
    #expect(ring.lostLines == 0)
    #expect(most < ring.limits.flushBytes + 64_000)
    #expect(scratch.bytes(folder) <= 8 << 20)
    #expect(try ring.answer("tail=1") == ["ok"])
    var cursor = LogCursor()
    var last: UInt64 = 0
    while let batch = ring.next(&cursor) { last = batch.records.last?.sequence ?? last }
    #expect(last == 1_000_000)
  }
}
