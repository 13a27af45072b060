import ApusIO
import ApusJSON
import ApusLogs
import ApusModel
import Foundation
import Instruments
import Synchronization
import Testing

@Suite struct `A follower of a log` {
  let scratch: ScratchFolder
  let hello: FunctionName
  let loop: Loop

  init() throws {
    scratch = try ScratchFolder()
    hello = try FunctionName("hello")
    loop = try Loop()
  }

  private struct Line: Decodable { var text: String }

  private final class Progress: Sendable {
    let seen = Atomic<Int>(0)
  }

  private static func texts(_ bytes: [UInt8]) throws -> [String] {
    try bytes.split(separator: UInt8(ascii: "\n")).map { try JSONCodec.decode(Line.self, from: Array($0)).text }
  }

  @Test func `sees every line once while another thread writes and segments go`() throws {
    let (folder, hello, loop) = (scratch.path + "/f", hello, loop)
    // Small enough to rotate a hundred times, and the writer waits for the reader before a segment it needs can go.
    let ring = LogRing(folder: folder, limits: .small(segment: 2048, read: 300))
    let count = 5000
    let progress = Progress()
    for line in 0..<10 { ring.add("line \(line)") }
    // A thread of its own: the test holds one of the pool's, and the follower reads on another.
    let writer = Thread {
      for line in 10..<count {
        while line - progress.seen.load(ordering: .acquiring) > 20 { ring.flush() }
        ring.add("line \(line)")
        if line % 3 == 0 { ring.flush() }
      }
      ring.flush()
    }
    writer.start()
    let texts = try loop.runUntilDone {
      let follower = LogFollower(ring, try LogQuery("tail=100&follow=1"), of: hello)
      var texts: [String] = []
      while texts.count < count, let bytes = await follower.next(on: loop) {
        texts += try Self.texts(bytes)
        progress.seen.store(texts.count, ordering: .releasing)
      }
      return texts
    }
    #expect(texts == (0..<count).map { "line \($0)\n" })
    #expect(scratch.bytes(folder) <= 4096)
  }

  @Test func `is told how many lines it was too slow for`() throws {
    let ring = LogRing(folder: scratch.path + "/f", limits: .small(segment: 1024, read: 300))
    ring.add("first", at: WallClock.now().sinceEpoch)
    let (hello, loop) = (hello, loop)
    let texts = try loop.runUntilDone {
      let follower = LogFollower(ring, try LogQuery("follow=1"), of: hello)
      var texts = try Self.texts(await follower.next(on: loop) ?? [])
      for line in 2...500 { ring.add("line \(line)", at: WallClock.now().sinceEpoch) }
      ring.flush()
      while texts.last != "line 500\n", let bytes = await follower.next(on: loop) { texts += try Self.texts(bytes) }
      return texts
    }
    let rest = texts.count - 2
    #expect(texts.first == "first\n")
    #expect(texts[1] == "[apus] \(499 - rest) lines skipped: newer ones took their place on disk\n")
    #expect(texts.dropFirst(2) == (501 - rest...500).map { "line \($0)\n" }[...])
  }

  @Test func `without follow ends with the lines that were there when it began`() throws {
    let ring = LogRing(folder: scratch.path + "/f", limits: .small(read: 1))
    for line in 1...50 { ring.add("line \(line)") }
    let (hello, loop) = (hello, loop)
    let count = try loop.runUntilDone {
      let follower = LogFollower(ring, try LogQuery("tail=1000"), of: hello)
      var count = 0
      while let bytes = await follower.next(on: loop) {
        count += try Self.texts(bytes).count
        // A writer that never stops must not make the answer endless.
        for line in 1...50 { ring.add("late \(line)") }
      }
      return count
    }
    #expect(count == 50)
  }

  @Test func `ends when the log is removed, after its last lines`() throws {
    let ring = LogRing(folder: scratch.path + "/f")
    let (hello, loop) = (hello, loop)
    let texts = try loop.runUntilDone {
      try await withThrowingTaskGroup(of: [String].self) { group in
        group.addTask(executorPreference: loop) {
          let follower = LogFollower(ring, try LogQuery("follow=1&tail=1"), of: hello)
          var texts: [String] = []
          while let bytes = await follower.next(on: loop) {
            texts += try Self.texts(bytes)
            loop.execute { ring.remove() }
          }
          return texts
        }
        ring.add("only")
        ring.flush()
        return try await group.next() ?? []
      }
    }
    #expect(texts == ["only\n"])
  }

  @Test func `ends at its deadline, and when its task is cancelled`() throws {
    let ring = LogRing(folder: scratch.path + "/f")
    let (hello, loop) = (hello, loop)
    try loop.runUntilDone {
      let follower = LogFollower(ring, try LogQuery("follow=1"), of: hello)
      #expect(await follower.next(on: loop, until: Instant.now() + .milliseconds(5)) == nil)
      #expect(await follower.next(on: loop, until: Instant.now()) == nil)
      await withTaskGroup(of: Void.self) { group in
        group.addTask(executorPreference: loop) {
          guard let query = try? LogQuery("follow=1") else { return }
          let follower = LogFollower(ring, query, of: hello)
          #expect(await follower.next(on: loop) == nil)
        }
        group.cancelAll()
      }
    }
    #expect(loop.held.timers == 0)
  }

  @Test func `hears of lines that nobody but the store flushes`() throws {
    var limits = LogLimits()
    limits.flushPause = .milliseconds(1)
    let store = LogStore(folder: scratch.path, limits: limits)
    let (hello, loop) = (hello, loop)
    try loop.runUntilDone {
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask(executorPreference: loop) { await store.run(on: loop) }
        let follower = LogFollower(store.ring(of: hello), try LogQuery("follow=1&tail=10"), of: hello)
        for round in 1...20 {
          loop.execute { store.ring(of: hello).add("round \(round)") }
          let bytes = await follower.next(on: loop)
          #expect(try Self.texts(bytes ?? []) == ["round \(round)\n"])
        }
        store.ring(of: hello).add("last")
        group.cancelAll()
        try await group.waitForAll()
      }
    }
    #expect(LogRing(folder: scratch.path + "/openfaas-fn/hello").texts().last == "last")
    store.remove(hello)
    #expect(scratch.segments(scratch.path + "/openfaas-fn") == [])
    #expect(!store.ring(of: hello).isEnded)
  }
}
