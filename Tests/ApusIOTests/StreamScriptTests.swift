import ApusIO
import CLinux
import Glibc
import Instruments
import Testing

@Suite struct `A stream` {
  private func onScript(_ script: ScriptedCalls, _ body: @escaping @Sendable (Stream, CInt) async throws -> Void)
    async throws
  {
    try await onLoop(system: script) { loop in
      let (stream, peer) = try streamAndPeer(on: loop)
      try await body(stream, peer)
      stream.close()
      close(peer)
    }
    #expect(script.isPlayed)
  }

  private static func take(_ peer: CInt) -> String {
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = read(peer, &bytes, bytes.count)
    return String(decoding: bytes[..<max(0, count)], as: UTF8.self)
  }

  @Test func `goes on where the kernel left off a write`() async throws {
    let script = ScriptedCalls(.atMost(6), .fail(EAGAIN), .atMost(4))
    try await onScript(script) { stream, peer in
      try await stream.writeText("0123456789")
      #expect(Self.take(peer) == "0123456789")
    }
    #expect(script.calls == ["send 10: 6", "send 4: \(-EAGAIN)", "send 4: 4"])
  }

  @Test func `asks again when a signal came between`() async throws {
    let script = ScriptedCalls(.failTimes(EINTR, 3), .atMost(2), .fail(EINTR), .atMost(9), .failTimes(EINTR, 2))
    try await onScript(script) { stream, peer in
      try await stream.writeText("abc")
      put("xyz", peer)
      #expect(try await stream.readText() == "xyz")
    }
    let interrupted = "\(-EINTR)"
    #expect(
      script.calls == [
        "send 3: \(interrupted)", "send 3: \(interrupted)", "send 3: \(interrupted)", "send 3: 2",
        "send 1: \(interrupted)",
        "send 1: 1", "receive 4096: \(interrupted)", "receive 4096: \(interrupted)", "receive 4096: 3",
      ])
  }

  @Test func `reads on after short reads`() async throws {
    let script = ScriptedCalls(.atMost(1), .atMost(2), .fail(EAGAIN))
    try await onScript(script) { stream, peer async throws in
      put("abcdef", peer)
      // A buffer that is filled does not mean that the socket is empty.
      #expect(try await stream.readText(1) == "a")
      #expect(try await stream.readText(2) == "bc")
      // Here the socket is said to be empty. The next byte is news, and then all is read.
      async let rest = stream.readText(3)
      put("g", peer)
      #expect(try await rest == "def")
      #expect(try await stream.readText() == "g")
    }
  }

  @Test func `asks an empty socket once`() async throws {
    let script = ScriptedCalls()
    try await onScript(script) { stream, peer in
      put("abc", peer)
      #expect(try await stream.readText() == "abc")
      var byte: UInt8 = 0
      let again = try withUnsafeMutableBytes(of: &byte) { try stream.tryRead(into: $0) }
      #expect(again == nil)
      put("d", peer)
      #expect(try await stream.readText() == "d")
    }
    // epoll(7), Q9: a short read of a stream socket says that it is empty, so that no call is spent on EAGAIN.
    #expect(script.calls == ["receive 4096: 3", "receive 4096: 1"])
  }

  @Test(arguments: [(ECONNRESET, true), (ETIMEDOUT, true), (EIO, false)])
  func `answers an error of a read as a value`(code: CInt, isDisconnect: Bool) async throws {
    try await onScript(ScriptedCalls(.fail(code))) { stream, peer in
      let error = await #expect(throws: IOError.self) { try await stream.readText() }
      #expect(error == .system(SystemError(code, "read from", "descriptor \(stream.raw)")))
      #expect(error?.isDisconnect == isDisconnect)
    }
  }

  @Test(arguments: [EPIPE, ECONNRESET, ENOBUFS])
  func `answers an error of a write as a value`(code: CInt) async throws {
    try await onScript(ScriptedCalls(.atMost(1), .fail(code))) { stream, peer in
      let error = await #expect(throws: IOError.self) { try await stream.writeText("ab") }
      #expect(error == .system(SystemError(code, "write to", "descriptor \(stream.raw)")))
      #expect(Self.take(peer) == "a")
    }
  }

  private static func gather(_ first: String, _ second: String, _ stream: Stream) throws -> Int? {
    let parts = [first, second].map { (text: String) in iovec(iov_base: strdup(text), iov_len: text.utf8.count) }
    defer { for part in parts { free(part.iov_base) } }
    return try parts.withUnsafeBufferPointer { try stream.tryWrite($0) }
  }

  @Test func `writes parts, and says how much of them went`() async throws {
    let script = ScriptedCalls(.fail(EINTR), .fail(EAGAIN), .atMost(2))
    try await onScript(script) { stream, peer in
      #expect(try Self.gather("head", "body", stream) == nil)
      try await stream.writable()
      #expect(try Self.gather("head", "body", stream) == 8)
      #expect(Self.take(peer) == "headbody")
      #expect(try stream.tryWrite(UnsafeBufferPointer<iovec>(start: nil, count: 0)) == 0)
    }
    #expect(script.calls == ["sendmsg 2: \(-EINTR)", "sendmsg 2: \(-EAGAIN)", "sendmsg 2: 8"])
  }

  @Test func `splices by way of a pipe`() async throws {
    let script = ScriptedCalls(.fail(EINTR), .atMost(3), .fail(EINTR), .fail(EAGAIN))
    try await onScript(script) { stream, peer in
      let pipe = try Pipe()
      put("abcdef", peer)
      #expect(try stream.trySplice(into: pipe.writing.raw, 100) == 3)
      #expect(try stream.trySplice(from: pipe.reading.raw, 3) == nil)
      try await stream.writable()
      #expect(try stream.trySplice(from: pipe.reading.raw, 3) == 3)
      #expect(Self.take(peer) == "abc")
      #expect(try stream.trySplice(into: pipe.writing.raw, 100) == 3)
      shutdown(peer, CInt(SHUT_WR))
      try await stream.readable()
      #expect(try stream.trySplice(into: pipe.writing.raw, 100) == 0, "the end of input")
    }
  }

  @Test func `reads and writes what is no socket`() async throws {
    let script = ScriptedCalls(.fail(EINTR), .atMost(2), .fail(EAGAIN))
    try await onLoop(system: script) { loop in
      var ends: [CInt] = [-1, -1]
      pipe(&ends)
      let reading = Descriptor(owning: ends[0])
      let writing = Descriptor(owning: ends[1])
      try reading.setNonBlocking()
      try writing.setNonBlocking()
      let (source, sink) = (try Stream(reading, on: loop), try Stream(writing, on: loop))
      try await sink.writeText("abc")
      #expect(try await source.readText() == "abc")
      sink.close()
      #expect(try await source.readText() == "")
      source.close()
    }
    #expect(
      script.calls.prefix(4) == ["write 3: \(-EINTR)", "write 3: 2", "write 1: \(-EAGAIN)", "write 1: 1"])
  }

  @Test func `reads each line of a terminal`() async throws {
    try await onLoop { loop in
      // ioctl_tty(2): TIOCSPTLCK unlocks the other end, TIOCGPTN is its number.
      let master = open("/dev/ptmx", O_RDWR | O_NOCTTY)
      var (locked, number): (CInt, CInt) = (0, 0)
      try #require(ioctl(master, 0x4004_5431, &locked) == 0 && ioctl(master, 0x8004_5430, &number) == 0)
      let slave = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY)
      let terminal = Descriptor(owning: slave)
      try terminal.setNonBlocking()
      // Both lines are there before the first read, which gets one of them: a terminal reads by lines.
      put("one\ntwo\n", master)
      let stream = try Stream(terminal, on: loop)
      stream.setDeadline(.now() + .seconds(2), for: .read)
      #expect(try await stream.readText() == "one\n")
      #expect(try await stream.readText() == "two\n")
      stream.close()
      close(master)
    }
  }
}
