import ApusIO
import Glibc
import Instruments
import Testing

@Suite struct `A wait on a stream` {
  private func onPair(_ body: @escaping @Sendable (Loop, Stream, CInt) async throws -> Void) async throws {
    try await onLoop { loop in
      let (stream, peer) = try streamAndPeer(on: loop)
      try await body(loop, stream, peer)
      stream.close()
      close(peer)
      #expect(loop.held.timers == 1, "the watchdog's is left")
    }
  }

  /// Leaves no room in the socket's buffer.
  private static func fill(_ stream: Stream) throws {
    let bytes = [UInt8](repeating: 1, count: 65_536)
    while try bytes.withUnsafeBytes({ try stream.tryWrite($0) }) != nil {}
  }

  @Test func `for bytes ends at its deadline, and again at once`() async throws {
    try await onPair { loop, stream, peer async throws in
      let deadline = Instant.now() + .milliseconds(20)
      stream.setDeadline(deadline, for: .read)
      await #expect(throws: IOError.expired) { try await stream.readText() }
      #expect(Instant.now() >= deadline)
      await #expect(throws: IOError.expired) { try await stream.readText() }
      stream.setDeadline(.never, for: .read)
      put("x", peer)
      #expect(try await stream.readText() == "x")
    }
  }

  // A FIFO's last writer leaves, which hangs up, and another one comes: there is nothing to read, and no end either.
  @Test func `for bytes of a FIFO does not run in circles between two writers`() async throws {
    try await withFolder { folder in
      try await onLoop { loop in
        let path = "\(folder)/fifo"
        #expect(mkfifo(path, 0o600) == 0)
        let stream = try Stream(Descriptor(owning: open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)), on: loop)
        let first = open(path, O_WRONLY | O_CLOEXEC)
        put("a", first)
        #expect(try await stream.readText() == "a")
        close(first)
        while !stream.peerHungUp { try await loop.sleep(until: .now() + .milliseconds(1)) }
        #expect(try await stream.readText() == "")
        let second = open(path, O_WRONLY | O_CLOEXEC)
        stream.setDeadline(.now() + .milliseconds(20), for: .read)
        var looks = 0
        let error = await #expect(throws: IOError.self) {
          while looks < 1_000 {
            looks += 1
            var byte: UInt8 = 0
            let count = try withUnsafeMutableBytes(of: &byte) { try stream.tryRead(into: $0) }
            #expect(count == nil)
            try await stream.readable()
          }
        }
        #expect(error == .expired)
        #expect(looks <= 2)
        stream.setDeadline(.never, for: .read)
        put("b", second)
        #expect(try await stream.readText() == "b")
        close(second)
        stream.close()
      }
    }
  }

  @Test func `for room ends at its deadline`() async throws {
    try await onPair { loop, stream, peer in
      try Self.fill(stream)
      let deadline = Instant.now() + .milliseconds(20)
      stream.setDeadline(deadline, for: .write)
      await #expect(throws: IOError.expired) { try await stream.writeText("x") }
      #expect(Instant.now() >= deadline)
      stream.setDeadline(.never, for: .write)
      async let written: Void = stream.writeText("x")
      var bytes = [UInt8](repeating: 0, count: 1 << 20)
      while read(peer, &bytes, bytes.count) == bytes.count {}
      try await written
    }
  }

  @Test func `ends at once when the deadline is past, but not when there is something to read`() async throws {
    try await onPair { loop, stream, peer in
      put("x", peer)
      stream.setDeadline(Instant(nanoseconds: 1), for: .read)
      stream.setDeadline(Instant(nanoseconds: 1), for: .write)
      #expect(try await stream.readText() == "x")
      await #expect(throws: IOError.expired) { try await stream.readText() }
      try await stream.writeText("there is room")
    }
  }

  @Test func `ends at the deadline that was set last`() async throws {
    try await onPair { loop, stream, peer in
      let start = Instant.now()
      // Moved later while it waits …
      stream.setDeadline(start + .milliseconds(10), for: .read)
      let mover = Timer { stream.setDeadline(start + .milliseconds(60), for: .read) }
      loop.set(mover, to: start + .milliseconds(5))
      await #expect(throws: IOError.expired) { try await stream.readText() }
      #expect(Instant.now() >= start + .milliseconds(60))
      // … and sooner.
      stream.setDeadline(.now() + .seconds(30), for: .read)
      let sooner = Timer { stream.setDeadline(Instant(nanoseconds: 0), for: .read) }
      loop.set(sooner, to: .now() + .milliseconds(5))
      await #expect(throws: IOError.expired) { try await stream.readText() }
      #expect(Instant.now() < start + .seconds(20))
    }
  }

  @Test func `ends when the stream is closed, in both directions`() async throws {
    try await onPair { loop, stream, peer in
      try Self.fill(stream)
      let (stopped, read, written) = (Note(0), Note<IOError?>(nil), Note<IOError?>(nil))
      loop.spawn {
        do throws(IOError) { try await stream.readable() } catch { read.value = error }
        stopped.set(stopped.value + 1)
      }
      loop.spawn {
        do throws(IOError) { try await stream.writable() } catch { written.value = error }
        stopped.set(stopped.value + 1)
      }
      // The second task's wait for room is what `writable` ends with, so both are in their waits after this.
      for _ in 0..<10 { await Task.yield() }
      var bytes = [UInt8](repeating: 0, count: 1)
      #expect(try bytes.withUnsafeMutableBytes { try stream.tryRead(into: $0) } == nil)
      stream.close()
      await stopped.wait { $0 == 2 }
      #expect(read.value == nil || read.value == .closed)
      #expect(written.value == .closed)
      #expect(stream.isClosed)
      stream.close()
      await #expect(throws: IOError.closed) { try await stream.readText() }
      await #expect(throws: IOError.closed) { try await stream.writeText("x") }
      await #expect(throws: IOError.closed) { try await stream.readable() }
      #expect(throws: IOError.closed) { try stream.trySplice(into: 0, 1) }
      stream.setDeadline(.now(), for: .read)
      await stream.endWriting()
    }
  }

  @Test func `by two readers is a mistake`() async {
    await #expect(processExitsWith: .failure) {
      try await onLoop { loop in
        let (stream, _) = try streamAndPeer(on: loop)
        async let first: Void = { _ = try await stream.readText() }()
        async let second: Void = { _ = try await stream.readText() }()
        _ = try await (first, second)
      }
    }
  }

  @Test func `by two writers is a mistake`() async {
    await #expect(processExitsWith: .failure) {
      try await onLoop { loop in
        let (stream, _) = try streamAndPeer(on: loop)
        try Self.fill(stream)
        async let first: Void = stream.writeText("a")
        async let second: Void = stream.writeText("b")
        _ = try await (first, second)
      }
    }
  }

  private final class Observer: HangUpObserver {
    let told = Note(0)
    func peerDidHangUp() { told.set(told.value + 1) }
  }

  @Test func `is not needed to learn once that the peer hung up`() async throws {
    try await onLoop { loop in
      let (stream, peer) = try streamAndPeer(on: loop)
      let observer = Observer()
      stream.onHangUp = observer
      put("last words", peer)
      #expect(!stream.peerHungUp)
      close(peer)
      await observer.told.wait { $0 > 0 }
      #expect(stream.peerHungUp)
      #expect(stream.onHangUp == nil)
      #expect(try await stream.readText() == "last words")
      #expect(try await stream.readText() == "")
      #expect(try await stream.readText() == "", "the end of input stays the end")
      try await loop.sleep(until: .now() + .milliseconds(2))
      #expect(observer.told.value == 1)
      stream.close()
    }
  }

  @Test func `tells no observer of our own close`() async throws {
    try await onLoop { loop in
      let (stream, peer) = try streamAndPeer(on: loop)
      let observer = Observer()
      stream.onHangUp = observer
      stream.close()
      close(peer)
      try await loop.sleep(until: .now() + .milliseconds(2))
      #expect(observer.told.value == 0)
    }
  }

  @Test func `goes on in one direction when the other has ended`() async throws {
    try await onLoop { loop in
      let (left, right) = try streamPair(on: loop)
      await left.endWriting()
      #expect(try await right.readText() == "")
      try await right.writeText("still here")
      #expect(try await left.readText() == "still here")
      await #expect(throws: IOError.self) { try await left.writeText("no more") }
      right.close()
      #expect(try await left.readText() == "")
      left.close()
    }
  }

  @Test func `finds a stream that was dropped closed`() async throws {
    try await onLoop { loop in
      let held = loop.held.sources
      let peer: CInt
      do {
        let (stream, other) = try streamAndPeer(on: loop)
        peer = other
        #expect(loop.held.sources == held + 1)
        _ = stream.raw
      }
      #expect(loop.held.sources == held)
      var byte: UInt8 = 0
      #expect(read(peer, &byte, 1) == 0)
      close(peer)
    }
  }
}
