import ApusIO
import CLinux
import Glibc
import Instruments
import Testing

@Suite struct `A transfer` {
  /// Bytes that repeat after a prime number of them, so that each place in a stream tells a shift or a swap; and on for
  /// as long as the longest piece, so that each piece is one run of them.
  private static let pattern: [UInt8] = {
    var random = SeededRandom(1)
    let once = (0..<period).map { _ in UInt8.random(in: 0...255, using: &random) }
    return Array((0..<4).map { _ in once }.joined())
  }()
  private static let period = 100_003

  private static func withPiece<Value>(_ start: Int, _ count: Int, _ body: (UnsafeRawBufferPointer) -> Value) -> Value {
    let from = start % period
    return pattern.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[from..<from + count])) }
  }

  private static func send(_ total: Int, to stream: Stream, seed: UInt64) async throws {
    var random = SeededRandom(seed)
    var sent = 0
    var buffer = Buffer()
    while sent < total {
      let count = min(total - sent, Int.random(in: 1...300_000, using: &random))
      withPiece(sent, count) { buffer.append($0) }
      try await stream.write(&buffer)
      sent += count
    }
    await stream.endWriting()
  }

  /// How many bytes came, all of them right.
  private static func receive(from stream: Stream, seed: UInt64) async throws -> Int {
    var random = SeededRandom(seed)
    var received = 0
    var buffer = Buffer()
    while true {
      let size = Int.random(in: 1...200_000, using: &random)
      let room = UnsafeMutableRawBufferPointer(rebasing: buffer.reserve(size)[..<size])
      let count = try await stream.read(into: room)
      if count == 0 { return received }
      guard withPiece(received, count, { areEqual($0, UnsafeRawBufferPointer(rebasing: room[..<count])) }) else {
        Issue.record("wrong bytes after \(received)")
        return received
      }
      received += count
    }
  }

  @Test func `of a hundred megabytes arrives whole in both directions`() async throws {
    let total = 50 << 20
    try await onLoop { loop in
      let (left, right) = try streamPair(on: loop)
      let received = try await withThrowingTaskGroup(of: Int.self) { group in
        group.addTask {
          try await Self.send(total, to: left, seed: 1); return 0
        }
        group.addTask {
          try await Self.send(total, to: right, seed: 2); return 0
        }
        group.addTask { try await Self.receive(from: left, seed: 3) }
        group.addTask { try await Self.receive(from: right, seed: 4) }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(received.sorted() == [0, 0, total, total])
      left.close()
      right.close()
    }
  }

  @Test func `over TCP arrives whole, and the peer's kernel acknowledges it`() async throws {
    let total = 5 << 20
    try await onLoop { loop in
      let listener = try Listener(try listenOnLoopback(), on: loop)
      async let accepted = listener.accept()
      let client = try await Stream.connect(to: listener.address, on: loop)
      let server = try #require(try await accepted)
      #expect(client.bytesAcknowledged == 0)
      async let sent: Void = Self.send(total, to: client, seed: 1)
      #expect(try await Self.receive(from: server, seed: 2) == total)
      try await sent
      // An acknowledgement may come later than the bytes do; the end of our direction counts as one, like a byte.
      while try #require(client.bytesAcknowledged) < UInt64(total) {
        try await loop.sleep(until: .now() + .milliseconds(1))
      }
      #expect(try #require(client.bytesAcknowledged) <= UInt64(total) + 1)
      for stream in [client, server] { stream.close() }
      #expect(client.bytesAcknowledged == nil)
      listener.close()
    }
  }

  // Bytes that arrive between a read and its wait:
  //
  //   reader (loop)                   writer (its own thread)
  //   tryRead: finds nothing
  //                                   write
  //   readable(): the event comes with the next look, and the wait ends
  @Test(arguments: [1, 3, 4096])
  func `of small pieces misses none between a read and its wait`(readSize: Int) async throws {
    let messages = 40_000
    try await onLoop { loop in
      let (stream, peer) = try streamAndPeer(on: loop)
      let writer = OwnThread {
        var random = SeededRandom(UInt64(readSize))
        for index in 0..<messages {
          put("x", peer)
          // Now and then so slow that the reader sleeps, now and then as fast as it can. Not often: on a busy machine
          // each of these is a time slice.
          if Int.random(in: 0..<64, using: &random) == 0 { for _ in 0..<(index % 8) { sched_yield() } }
        }
        close(peer)
      }
      let received = try await Self.count(stream, readSize)
      writer.join()
      #expect(received == messages)
      stream.close()
    }
  }

  private static func count(_ stream: Stream, _ readSize: Int) async throws -> Int {
    var received = 0
    while true {
      let text = try await stream.readText(readSize)
      if text.isEmpty { return received }
      received += text.utf8.count
    }
  }

  @Test func `back and forth wakes each side every time`() async throws {
    try await onLoop { loop in
      let (stream, peer) = try streamAndPeer(on: loop)
      let echo = OwnThread {
        var byte: UInt8 = 0
        while read(peer, &byte, 1) == 1 { write(peer, &byte, 1) }
        close(peer)
      }
      for round in 0..<4_000 {
        let digit = "\(round % 10)"
        try await stream.writeText(digit)
        guard try await stream.readText() == digit else {
          Issue.record("wrong echo in round \(round)")
          break
        }
      }
      stream.close()
      echo.join()
    }
  }

  @Test func `to a peer that has gone is an error and no signal`() async {
    await #expect(processExitsWith: .success) {
      try await onLoop { loop in
        let (stream, peer) = try streamAndPeer(on: loop)
        close(peer)
        let error = await #expect(throws: IOError.self) { try await stream.writeText("x") }
        #expect(error?.isDisconnect == true)
        let parts = [iovec(iov_base: strdup("x"), iov_len: 1)]
        defer { free(parts[0].iov_base) }
        let gathered = #expect(throws: IOError.self) {
          _ = try parts.withUnsafeBufferPointer { try stream.tryWrite($0) }
        }
        #expect(gathered?.isDisconnect == true)
        stream.close()
      }
    }
  }
}
