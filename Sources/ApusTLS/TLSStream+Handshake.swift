import ApusIO
import COpenSSL

extension TLSStream {
  /// Agrees with the peer on keys, and checks who it is where `session` asks for that.
  func handshake(before deadline: Instant) async throws(TLSError) {
    setDeadline(deadline, for: .read)
    setDeadline(deadline, for: .write)
    while true {
      let isDone = try step()
      // Our flight first: the peer's answer depends on it. Behind the server's last one stand session tickets.
      try await exchange(waits: !isDone)
      if isDone { break }
    }
    setDeadline(.never, for: .read)
    setDeadline(.never, for: .write)
  }

  /// Goes on as far as what has arrived allows; true when done.
  private func step() throws(TLSError) -> Bool {
    guard let session, !stream.isClosed else { throw TLSError(.connection(.closed), name) }
    ERR_clear_error()
    let result = SSL_do_handshake(session)
    if result == 1 { return true }
    if SSL_get_error(session, result) == SSL_ERROR_WANT_READ { return false }
    let error = streamFailure.map(handshakeError) ?? TLSError.handshake(session, with: name)
    failure = .closed
    // What OpenSSL told the peer, as far as the kernel takes it.
    try? sendUnsent()
    throw error
  }

  private func exchange(waits: Bool) async throws(TLSError) {
    do throws(IOError) {
      try await flush()
      if waits { try await stream.readable() }
    } catch {
      throw handshakeError(error)
    }
  }

  private func handshakeError(_ error: IOError) -> TLSError {
    switch error {
    case .expired: TLSError(.expired, name)
    case .system(let system) where error.isDisconnect: TLSError(.closedEarly, name, reason: system.description)
    default: TLSError(.connection(error), name)
    }
  }

  // MARK: - What was agreed on

  /// "TLSv1.3"; nil once closed.
  package var version: String? {
    session.map { String(cString: SSL_get_version($0)) }
  }

  /// The protocol chosen by ALPN, "http/1.1"; nil if the client offered none.
  package var applicationProtocol: String? {
    guard let session else { return nil }
    var name: UnsafePointer<UInt8>?
    var count: UInt32 = 0
    SSL_get0_alpn_selected(session, &name, &count)
    guard let name, count > 0 else { return nil }
    return String(decoding: UnsafeBufferPointer(start: name, count: Int(count)), as: UTF8.self)
  }

  /// The host that the client asked for (SNI).
  package var serverName: String? {
    guard let session, let name = SSL_get_servername(session, TLSEXT_NAMETYPE_host_name) else { return nil }
    return String(cString: name)
  }
}
