import ApusIO
import CLinux

/// A transport with what was read but not parsed, and what was composed but not sent. Both ends of HTTP stand on it.
final class BufferedTransport {
  /// Bodies up to this size are copied behind their head; longer ones go beside it (writev).
  static let copyLimit = 8 * 1024

  let transport: any Transport
  let limits: Limits
  var input = Buffer()
  var output = Buffer()
  /// All bytes that the kernel took from us on this connection.
  private(set) var bytesSent: UInt64 = 0
  /// No wait to write lasts beyond it: the end of the call that writes.
  var writeLimit = Instant.never

  /// Reads in a row that did not wait, after which the loop's other tasks get their turn.
  private static let turn = 8
  private var readsInARow = 0
  private var isReceiving = false
  private var isWaitingForRoom = false

  init(_ transport: any Transport, limits: Limits) {
    self.transport = transport
    self.limits = limits
  }

  var loop: Loop { transport.loop }

  func setReadDeadline(after idle: Duration) {
    transport.setDeadline(loop.now + idle, for: .read)
  }

  /// Reads once into `input`, waiting for the first byte; 0 is the end of input.
  func receive() async throws(HTTPError) -> Int {
    // Two readers would each get half of it. It is a handler's mistake, which must not end the program.
    guard !isReceiving else { throw .outOfOrder("two tasks read one connection") }
    isReceiving = true
    defer { isReceiving = false }
    if readsInARow >= BufferedTransport.turn {
      readsInARow = 0
      await Task.yield()
    }
    do throws(IOError) {
      while true {
        if let count = try transport.tryRead(into: input.reserve(4096)) {
          input.commit(count)
          readsInARow += 1
          return count
        }
        input.releaseIfEmpty()
        readsInARow = 0
        try await transport.readable()
      }
    } catch {
      throw .io(error)
    }
  }

  /// Sends all of `output`.
  func flush() async throws(HTTPError) {
    do throws(IOError) {
      while !output.isEmpty {
        if let count = try transport.tryWrite(output.readable) {
          output.consume(count)
          bytesSent += UInt64(count)
        } else {
          try await roomToWrite()
        }
      }
      // Whoever waits next, for an answer or a request, waits without a buffer.
      output.releaseIfEmpty()
    } catch {
      throw .io(error)
    }
  }

  /// Sends `output` and then `bytes`, which stay where they are until the call returns.
  func send(_ bytes: UnsafeRawBufferPointer) async throws(HTTPError) {
    if bytes.count <= BufferedTransport.copyLimit {
      output.append(bytes)
      return try await flush()
    }
    var sent = 0
    while sent < bytes.count {
      sent += try await sendSome(UnsafeRawBufferPointer(rebasing: bytes[sent...]))
    }
  }

  func send(_ bytes: [UInt8]) async throws(HTTPError) {
    if bytes.count <= BufferedTransport.copyLimit {
      output.append(bytes)
      return try await flush()
    }
    var sent = 0
    do throws(IOError) {
      while sent < bytes.count {
        let result = bytes.withUnsafeBytes { all in
          Result { () throws(IOError) in try trySend(UnsafeRawBufferPointer(rebasing: all[sent...])) }
        }
        if let count = try result.get() { sent += count } else { try await roomToWrite() }
      }
    } catch {
      throw .io(error)
    }
  }

  private func sendSome(_ bytes: UnsafeRawBufferPointer) async throws(HTTPError) -> Int {
    do throws(IOError) {
      while true {
        if let count = try trySend(bytes) { return count }
        try await roomToWrite()
      }
    } catch {
      throw .io(error)
    }
  }

  /// Sends `output` and `bytes` side by side; answers how many of `bytes` went.
  private func trySend(_ bytes: UnsafeRawBufferPointer) throws(IOError) -> Int? {
    let waiting = output.count
    let parts: [2 of iovec] = [
      iovec(iov_base: UnsafeMutableRawPointer(mutating: output.readable.baseAddress), iov_len: waiting),
      iovec(iov_base: UnsafeMutableRawPointer(mutating: bytes.baseAddress), iov_len: bytes.count),
    ]
    let result = parts.span.withUnsafeBufferPointer { both in
      Result { () throws(IOError) in
        try transport.tryWrite(UnsafeBufferPointer(rebasing: waiting > 0 ? both[0...] : both[1...]))
      }
    }
    guard let count = try result.get() else { return nil }
    bytesSent += UInt64(count)
    output.consume(min(count, waiting))
    return max(0, count - waiting)
  }

  func roomToWrite() async throws(IOError) {
    // As for readers: one of two writers fails, the program goes on.
    guard !isWaitingForRoom else { throw .closed }
    isWaitingForRoom = true
    defer { isWaitingForRoom = false }
    transport.setDeadline(min(loop.now + limits.writeIdle, writeLimit), for: .write)
    try await transport.writable()
  }

  /// Ends our side, then reads what the peer still sends for a moment: closing on unread bytes would reset the
  /// connection and could destroy our last bytes on their way (RFC 9112 9.6). That holds for a peer that has ended its
  /// side too: what it sent before may still wait unread.
  func closeGently() async {
    defer { transport.close() }
    guard !transport.isClosed else { return }
    await transport.endWriting()
    let limit = Instant.now() + limits.lingerTime
    transport.setDeadline(limit, for: .read)
    input.removeAll()
    do throws(IOError) {
      // A peer that sends without a pause never makes us wait, so the time is looked at too.
      while Instant.now() < limit {
        if try await transport.read(into: input.reserve(4096)) == 0 { return }
        await Task.yield()
      }
    } catch {
      // Too slow or gone: close.
    }
  }
}
