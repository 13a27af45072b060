package import CLinux
import Glibc

/// An open socket, pipe or terminal on a loop: non-blocking, edge-triggered, closed exactly once.
// Safe because it is touched only by its loop's thread (asserted in debug builds).
package final class Stream: Transport, @unchecked Sendable {
  package let loop: Loop
  package let peer: SocketAddress?
  private let readiness: Readiness
  private let descriptor: CInt
  private let isSocket: Bool

  /// Takes over `descriptor`, which must be non-blocking.
  package init(
    _ descriptor: consuming Descriptor, on loop: Loop, peer: SocketAddress? = nil, isSocket: Bool = false
  ) throws(SystemError) {
    self.loop = loop
    self.isSocket = isSocket
    self.peer = peer
    let raw = descriptor.raw
    readiness = try Readiness(raw, on: loop)
    self.descriptor = descriptor.release()
  }

  deinit {
    // A stream dropped without close is closed here; its loop's thread drops it, as it alone holds it.
    if !readiness.isClosed { close() }
  }

  package var raw: CInt { descriptor }
  package var isClosed: Bool { readiness.isClosed }
  package var peerHungUp: Bool { readiness.peerHungUp }
  package var spliceable: Stream? { self }

  package var onHangUp: (any HangUpObserver)? {
    get { readiness.onHangUp }
    set { readiness.onHangUp = newValue }
  }

  package func tryRead(into bytes: UnsafeMutableRawBufferPointer) throws(IOError) -> Int? {
    guard readiness.mayRead else {
      if readiness.isClosed { throw .closed }
      return nil
    }
    let count = try attempt(.read, "read from") {
      isSocket ? loop.system.receive(descriptor, bytes) : loop.system.read(descriptor, bytes)
    }
    // A short read means an empty socket (epoll(7), Q9), so the next look can wait for the next event. A terminal
    // gives a line at a time, however many there are (termios(3), canonical mode).
    if isSocket, let count, count > 0, count < bytes.count { readiness.cameUpShort() }
    return count
  }

  package func tryWrite(_ bytes: UnsafeRawBufferPointer) throws(IOError) -> Int? {
    if readiness.isClosed { throw .closed }
    return try attempt(.write, "write to") {
      isSocket ? loop.system.send(descriptor, bytes) : loop.system.write(descriptor, bytes)
    }
  }

  package func tryWrite(_ parts: UnsafeBufferPointer<iovec>) throws(IOError) -> Int? {
    if readiness.isClosed { throw .closed }
    guard let base = parts.baseAddress else { return 0 }
    return try attempt(.write, "write to") {
      isSocket ? loop.system.send(descriptor, base, parts.count) : loop.system.write(descriptor, base, parts.count)
    }
  }

  /// Moves up to `count` bytes into `pipe` without copying them through this program.
  ///
  /// The pipe must be empty: the kernel says the same of a full pipe as of an empty socket, and the wait that follows
  /// is for the socket.
  package func trySplice(into pipe: CInt, _ count: Int) throws(IOError) -> Int? {
    if readiness.isClosed { throw .closed }
    return try attempt(.read, "splice from") { loop.system.splice(descriptor, pipe, count) }
  }

  package func trySplice(from pipe: CInt, _ count: Int) throws(IOError) -> Int? {
    if readiness.isClosed { throw .closed }
    return try attempt(.write, "splice to") { loop.system.splice(pipe, descriptor, count) }
  }

  private func attempt(
    _ direction: Readiness.Direction, _ operation: String, _ call: () -> Int
  ) throws(IOError) -> Int? {
    while true {
      let result = call()
      if result >= 0 { return result }
      switch CInt(-result) {
      case EINTR: continue
      case EAGAIN:
        readiness.exhausted(direction)
        return nil
      case let code: throw .system(SystemError(code, operation, peer?.description ?? "descriptor \(descriptor)"))
      }
    }
  }

  package func readable() async throws(IOError) {
    try Stream.check(await readiness.readable())
  }

  package func writable() async throws(IOError) {
    try Stream.check(await readiness.writable())
  }

  private static func check(_ wake: Readiness.Wake) throws(IOError) {
    switch wake {
    case .ready: return
    case .expired: throw .expired
    case .closed: throw .closed
    }
  }

  /// A connection under way: writable only when the kernel says so.
  func mustWaitToWrite() {
    readiness.exhausted(.write)
  }

  package func setDeadline(_ deadline: Instant, for direction: Readiness.Direction) {
    if !readiness.isClosed { readiness.setDeadline(deadline, for: direction) }
  }

  package func endWriting() async {
    if !isClosed { shutdown(descriptor, CInt(SHUT_WR)) }
  }

  /// Makes `close` a reset instead of an end, where TCP is spoken (socket(7), SO_LINGER): what was cut must look cut.
  package func closesWithReset() {
    guard !isClosed else { return }
    var now = linger(l_onoff: 1, l_linger: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &now, socklen_t(MemoryLayout<linger>.size))
  }

  /// Ends all waits with `.closed`. Again is no error.
  package func close() {
    guard !readiness.isClosed else { return }
    readiness.close()
    Glibc.close(descriptor)
  }
}
