import ApusIO
import CLinux
import Glibc
import Synchronization

/// A peer that never stops: it always has another request, and always room for an answer, so nobody waits for it.
// Safe because all but the atomics is touched only by its loop's thread.
final class EndlessTransport: Transport, @unchecked Sendable {
  private static let requests = Array(String(repeating: "GET /endless HTTP/1.1\r\nHost: a\r\n\r\n", count: 64).utf8)

  let loop: Loop
  var onHangUp: (any HangUpObserver)?
  private(set) var isClosed = false
  private let stream: Stream
  private let isStopped = Atomic<Bool>(false)
  private let reads = Atomic<Int>(0)

  /// In the place of `stream`, which it keeps open.
  init(_ stream: Stream) {
    self.stream = stream
    loop = stream.loop
  }

  /// How often it was read from. From any thread, as is `stop`.
  var readCount: Int { reads.load(ordering: .acquiring) }

  /// The next read finds the end.
  func stop() { isStopped.store(true, ordering: .releasing) }

  var peer: SocketAddress? { nil }
  var peerHungUp: Bool { false }
  var spliceable: Stream? { nil }

  func tryRead(into bytes: UnsafeMutableRawBufferPointer) throws(IOError) -> Int? {
    if isClosed { throw .closed }
    reads.add(1, ordering: .acquiringAndReleasing)
    if isStopped.load(ordering: .acquiring) { return 0 }
    let count = min(bytes.count, Self.requests.count)
    bytes.copyBytes(from: Self.requests[..<count])
    // Whole requests only, so that each read begins with one.
    return count - count % (Self.requests.count / 64)
  }

  func tryWrite(_ bytes: UnsafeRawBufferPointer) throws(IOError) -> Int? { bytes.count }

  func tryWrite(_ parts: UnsafeBufferPointer<iovec>) throws(IOError) -> Int? {
    parts.reduce(0) { $0 + $1.iov_len }
  }

  func readable() async throws(IOError) {}
  func writable() async throws(IOError) {}
  func setDeadline(_ deadline: Instant, for direction: Readiness.Direction) {}
  func endWriting() async {}

  func close() {
    isClosed = true
    stream.close()
  }
}
