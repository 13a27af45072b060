package import ApusIO
package import CLinux
import COpenSSL
import Glibc

/// TLS over a stream: what is written is encrypted, what is read has been decrypted and authenticated.
///
/// OpenSSL reads and writes through two callbacks, which end in the stream below. So the stream alone knows the
/// descriptor and when to wait for it, and OpenSSL never sees a full socket: what the kernel does not take is kept
/// here, a record and its company at most, and `tryWrite` answers nil until it has left. A try that answered nil has
/// taken its bytes already: the next one must begin with the same bytes, as every caller that tries again does.
///
/// `close` ends without a word, so that what is cut looks cut; `endWriting` says good-bye first (close_notify).
// Safe because only its loop's thread touches it, as is so for the stream below (asserted there in debug builds).
package final class TLSStream: Transport, @unchecked Sendable {
  let stream: Stream
  /// The SSL object; nil once closed.
  private(set) var session: OpaquePointer?
  /// What `session` was made from and points to.
  private let origin: any AnyObject & Sendable
  private let linger: Duration
  /// Whom it is with, for errors.
  let name: String

  /// Ciphertext that the kernel did not take yet.
  private var unsent = Buffer()
  /// Bytes of the last try that are encrypted, but have not been answered for.
  private var taken = 0
  /// The last read found no whole record: the next wait is a real one.
  private var readIsBlocked = false
  /// The last write found a message of the peer's half read: its rest has to come first.
  private var writeNeedsInput = false
  private var hasEndedWriting = false
  /// Why the session is over; OpenSSL must not be called again after an error (SSL_get_error(3)).
  var failure: IOError?
  /// What the stream said to a callback, which can't throw.
  private(set) var streamFailure: IOError?

  private var readDeadline = Instant.never
  private var writeDeadline = Instant.never
  /// What the stream's own read deadline is.
  private var inputDeadline = Instant.never
  /// A task waits for the peer's next bytes, and perhaps another behind it.
  private var inputIsAwaited = false
  private var follower: UnsafeContinuation<Void, Never>?

  /// One record's worth of plaintext (RFC 8446 5.1).
  static let recordSize = 16 * 1024
  /// A flight of a handshake with a long chain is some ten KiB. Past this the peer makes us talk and does not listen.
  static let unsentLimit = 64 * 1024

  init(
    _ origin: any AnyObject & Sendable, _ session: OpaquePointer, over stream: Stream, name: String, linger: Duration
  ) throws(TLSError) {
    self.session = session
    self.stream = stream
    self.name = name
    self.origin = origin
    self.linger = linger
    let this = Unmanaged.passUnretained(self).toOpaque()
    guard apus_tls_set_wire(session, this, receiveCiphertext, sendCiphertext) == 1 else {
      throw TLSError(.other, name, reason: "out of memory")
    }
  }

  deinit {
    if let session { SSL_free(session) }
  }

  package var loop: Loop { stream.loop }
  package var peer: SocketAddress? { stream.peer }
  package var isClosed: Bool { session == nil || stream.isClosed }
  package var peerHungUp: Bool { stream.peerHungUp }
  package var spliceable: Stream? { nil }

  package var onHangUp: (any HangUpObserver)? {
    get { stream.onHangUp }
    set { stream.onHangUp = newValue }
  }

  // MARK: - Reading and writing

  package func tryRead(into bytes: UnsafeMutableRawBufferPointer) throws(IOError) -> Int? {
    let session = try usable()
    var count = 0
    ERR_clear_error()
    if SSL_read_ex(session, bytes.baseAddress, bytes.count, &count) == 1 {
      readIsBlocked = false
      return count
    }
    switch SSL_get_error(session, 0) {
    case SSL_ERROR_WANT_READ:
      readIsBlocked = true
      return nil
    case SSL_ERROR_ZERO_RETURN: return 0
    default: throw fail("read from")
    }
  }

  package func tryWrite(_ bytes: UnsafeRawBufferPointer) throws(IOError) -> Int? {
    let session = try usable()
    try sendUnsent()
    guard unsent.isEmpty else { return nil }
    if taken > 0 {
      let answered = min(taken, bytes.count)
      taken -= answered
      return answered
    }
    if bytes.isEmpty { return 0 }
    var count = 0
    ERR_clear_error()
    // One record a call: a record that did not leave whole has told the peer nothing, so its bytes count as unsent.
    guard SSL_write_ex(session, bytes.baseAddress, min(bytes.count, TLSStream.recordSize), &count) == 1 else {
      guard SSL_get_error(session, 0) == SSL_ERROR_WANT_READ else { throw fail("write to") }
      writeNeedsInput = true
      return nil
    }
    if unsent.isEmpty { return count }
    taken = count
    return nil
  }

  /// Gathers the parts into one record: a record for each would cost the peer more than the copy costs us.
  package func tryWrite(_ parts: UnsafeBufferPointer<iovec>) throws(IOError) -> Int? {
    guard let first = parts.first else { return 0 }
    if parts.count == 1 || first.iov_len >= TLSStream.recordSize {
      return try tryWrite(UnsafeRawBufferPointer(start: first.iov_base, count: first.iov_len))
    }
    var record = Buffer()
    for part in parts where record.count < TLSStream.recordSize {
      let room = TLSStream.recordSize - record.count
      record.append(UnsafeRawBufferPointer(start: part.iov_base, count: min(room, part.iov_len)))
    }
    return try tryWrite(record.readable)
  }

  private func usable() throws(IOError) -> OpaquePointer {
    if let failure { throw failure }
    guard let session, !stream.isClosed else { throw .closed }
    return session
  }

  private func fail(_ operation: String) -> IOError {
    let error = streamFailure ?? TLSError.broken(operation, name)
    failure = error
    return error
  }

  /// Offers the kernel what it did not take before.
  func sendUnsent() throws(IOError) {
    guard !unsent.isEmpty else { return }
    while !unsent.isEmpty, let count = try stream.tryWrite(unsent.readable) { unsent.consume(count) }
    unsent.releaseIfEmpty()
  }

  /// Waits until all that was encrypted has left.
  func flush() async throws(IOError) {
    while true {
      try sendUnsent()
      if unsent.isEmpty { return }
      try await stream.writable()
    }
  }

  // MARK: - Waiting

  package func readable() async throws(IOError) {
    // OpenSSL may hold more than the last read took, while the socket is empty.
    guard readIsBlocked else { return }
    readIsBlocked = false
    try await input(before: readDeadline)
  }

  package func writable() async throws(IOError) {
    guard writeNeedsInput else { return try await stream.writable() }
    writeNeedsInput = false
    try await input(before: writeDeadline)
  }

  /// Waits for more from the peer. The reader may wait and the writer too, but the stream has room for one only: the
  /// second one waits for the first, and both try again.
  private func input(before deadline: Instant) async throws(IOError) {
    // A wait may end early for the other's sake: the one whose time has not come tries again and waits anew.
    setInputDeadline(inputIsAwaited ? min(readDeadline, writeDeadline) : deadline)
    if inputIsAwaited {
      await withUnsafeContinuation { follower = $0 }
      if isClosed { throw .closed }
      if deadline <= loop.now { throw .expired }
      return
    }
    inputIsAwaited = true
    defer {
      inputIsAwaited = false
      follower?.resume()
      follower = nil
    }
    do throws(IOError) {
      try await stream.readable()
    } catch {
      guard error == .expired, loop.now < deadline else { throw error }
    }
  }

  package func setDeadline(_ deadline: Instant, for direction: Readiness.Direction) {
    switch direction {
    case .read:
      readDeadline = deadline
      setInputDeadline(deadline)
    case .write:
      writeDeadline = deadline
      stream.setDeadline(deadline, for: .write)
    }
  }

  private func setInputDeadline(_ deadline: Instant) {
    guard deadline != inputDeadline else { return }
    inputDeadline = deadline
    stream.setDeadline(deadline, for: .read)
  }

  // MARK: - Ending

  package func endWriting() async {
    guard let session, failure == nil, !stream.isClosed, !hasEndedWriting else { return }
    hasEndedWriting = true
    ERR_clear_error()
    SSL_shutdown(session)
    stream.setDeadline(min(writeDeadline, loop.now + linger), for: .write)
    do throws(IOError) {
      try await flush()
    } catch {
      // The peer does not take what came before: it has no use for a good-bye.
    }
    await stream.endWriting()
  }

  package func close() {
    stream.close()
    unsent.removeAll()
    unsent.releaseIfEmpty()
    guard let session else { return }
    self.session = nil
    SSL_free(session)
  }

  // MARK: - OpenSSL's side

  fileprivate func receive(_ bytes: UnsafeMutableRawBufferPointer) -> Int {
    do throws(IOError) {
      return try stream.tryRead(into: bytes) ?? Int(APUS_TLS_WAIT)
    } catch {
      streamFailure = error
      return Int(APUS_TLS_BROKEN)
    }
  }

  fileprivate func send(_ bytes: UnsafeRawBufferPointer) -> Int {
    var sent = 0
    do throws(IOError) {
      while sent < bytes.count, unsent.isEmpty,
        let count = try stream.tryWrite(UnsafeRawBufferPointer(rebasing: bytes[sent...]))
      { sent += count }
      let rest = UnsafeRawBufferPointer(rebasing: bytes[sent...])
      guard unsent.count + rest.count <= TLSStream.unsentLimit else {
        let advice = "The peer asks for answers and does not read them"
        throw .system(SystemError(ENOBUFS, "write to", name, advice: advice))
      }
      unsent.append(rest)
      return bytes.count
    } catch {
      streamFailure = error
      return Int(APUS_TLS_BROKEN)
    }
  }
}

private func receiveCiphertext(_ context: UnsafeMutableRawPointer?, _ bytes: UnsafeMutableRawPointer?, _ count: Int)
  -> Int
{
  guard let context else { return Int(APUS_TLS_BROKEN) }
  let stream = Unmanaged<TLSStream>.fromOpaque(context).takeUnretainedValue()
  return stream.receive(UnsafeMutableRawBufferPointer(start: bytes, count: count))
}

private func sendCiphertext(_ context: UnsafeMutableRawPointer?, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
  guard let context else { return Int(APUS_TLS_BROKEN) }
  let stream = Unmanaged<TLSStream>.fromOpaque(context).takeUnretainedValue()
  return stream.send(UnsafeRawBufferPointer(start: bytes, count: count))
}
