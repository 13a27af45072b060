import CLinux
import Glibc

/// One descriptor's readiness on a loop: who waits to read it, who waits to write it, until when.
///
/// Edge-triggered: the kernel says once that something came, and we remember it until a call finds nothing more. At
/// most one task waits for each direction.
// Safe because it is touched only by its loop's thread (asserted in debug builds).
package final class Readiness: EventSource, @unchecked Sendable {
  /// How a wait ended.
  package enum Wake: Sendable {
    case ready
    case expired
    case closed
  }

  package enum Direction: Sendable {
    case read
    case write
  }

  package let loop: Loop
  package let descriptor: CInt
  /// The peer has closed its side, or the connection broke. What it sent before may still be read.
  package private(set) var peerHungUp = false
  package private(set) var isClosed = false
  package var onHangUp: (any HangUpObserver)?

  private var token: UInt64 = 0
  private var watchesWrites = false
  private var canRead = true
  private var canWrite = true
  private var reader: UnsafeContinuation<Wake, Never>?
  private var writer: UnsafeContinuation<Wake, Never>?
  private var readDeadline = Instant.never
  private var writeDeadline = Instant.never
  private var readTimer: Timer?
  private var writeTimer: Timer?

  /// The descriptor stays the caller's to close, right after `close()`, or to keep, after `close(keepingDescriptor:
  /// true)`.
  package init(_ descriptor: CInt, on loop: Loop) throws(SystemError) {
    self.loop = loop
    self.descriptor = descriptor
    token = try loop.watch(descriptor, Readiness.readEvents, self)
  }

  private static let readEvents = EPOLLIN.rawValue | EPOLLRDHUP.rawValue | EPOLLET.rawValue

  // MARK: - Waiting

  /// A read may find something: nothing has been found wanting since the last event.
  package var mayRead: Bool { canRead && !isClosed }

  /// Waits until a read may find something. Answers at once if nothing has been found wanting since the last event.
  package func readable() async -> Wake {
    if isClosed { return .closed }
    if canRead { return .ready }
    if readDeadline <= loop.now { return .expired }
    precondition(reader == nil, "two tasks read one descriptor")
    return await withUnsafeContinuation { reader = $0 }
  }

  package func writable() async -> Wake {
    if isClosed { return .closed }
    if canWrite { return .ready }
    if writeDeadline <= loop.now { return .expired }
    precondition(writer == nil, "two tasks write one descriptor")
    if !watchesWrites {
      // Asked for only now: a Unix socket would report each read of its peer as room to write.
      watchesWrites = true
      loop.rewatch(descriptor, Readiness.readEvents | EPOLLOUT.rawValue, token)
    }
    return await withUnsafeContinuation { writer = $0 }
  }

  /// A call would have blocked: the next wait is for the next event. Also after a hang-up, when only a FIFO or terminal
  /// that was opened again says so; a retry without an event would be a loop without an end.
  package func exhausted(_ direction: Direction) {
    switch direction {
    case .read: canRead = false
    case .write: canWrite = false
    }
  }

  /// A read got less than it had room for, so there was no more. Behind a hang-up the end of input is still to be read,
  /// and no event will tell of it.
  package func cameUpShort() {
    canRead = peerHungUp
  }

  /// Waits in `direction` end with `.expired` from `deadline` on; `never` takes the limit away.
  package func setDeadline(_ deadline: Instant, for direction: Direction) {
    switch direction {
    case .read:
      readDeadline = deadline
      if readTimer == nil {
        if deadline == .never { return }
        readTimer = Timer { [unowned self] in self.wake(&self.reader, .expired) }
      }
      if let readTimer { loop.set(readTimer, to: deadline) }
    case .write:
      writeDeadline = deadline
      if writeTimer == nil {
        if deadline == .never { return }
        writeTimer = Timer { [unowned self] in self.wake(&self.writer, .expired) }
      }
      if let writeTimer { loop.set(writeTimer, to: deadline) }
    }
  }

  // MARK: - Events

  func becameReady(_ events: UInt32) {
    let hangUp = EPOLLRDHUP.rawValue | EPOLLHUP.rawValue | EPOLLERR.rawValue
    let isHangUp = events & hangUp != 0
    if isHangUp { peerHungUp = true }
    if events & EPOLLIN.rawValue != 0 || isHangUp {
      canRead = true
      wake(&reader, .ready)
    }
    if events & (EPOLLOUT.rawValue | EPOLLHUP.rawValue | EPOLLERR.rawValue) != 0 {
      canWrite = true
      wake(&writer, .ready)
    }
    if isHangUp, let observer = onHangUp {
      onHangUp = nil
      observer.peerDidHangUp()
    }
  }

  /// Ends both waits with `.closed` and stops watching. The descriptor may be closed from here on, and must be unless
  /// it is kept: the kernel would go on watching it.
  package func close(keepingDescriptor: Bool = false) {
    guard !isClosed else { return }
    isClosed = true
    onHangUp = nil
    if keepingDescriptor { loop.unwatch(descriptor, token) } else { loop.unwatch(token) }
    if let readTimer { loop.remove(readTimer) }
    if let writeTimer { loop.remove(writeTimer) }
    wake(&reader, .closed)
    wake(&writer, .closed)
  }

  private func wake(_ waiter: inout UnsafeContinuation<Wake, Never>?, _ how: Wake) {
    guard let continuation = waiter else { return }
    waiter = nil
    continuation.resume(returning: how)
  }
}
