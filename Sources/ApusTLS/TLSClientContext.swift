package import ApusHTTP
package import ApusIO
import COpenSSL

/// A client's side of TLS: whom it trusts, and how connected streams become secure ones.
package final class TLSClientContext: Sendable {
  /// Who may vouch for a server.
  package enum Trust: Equatable, Sendable {
    /// The authorities that this machine trusts (`SSL_CERT_FILE` and `SSL_CERT_DIR` override them).
    case systemAuthorities
    /// The authorities in one PEM file, and no others.
    case authorities(file: String)
    /// Anyone, unchecked: whoever is on the way can read and change everything. For experiments only.
    case dangerouslyAnyone
  }

  private let trust: Trust
  private let context: Context

  package init(trusting trust: Trust = .systemAuthorities) throws(TLSError) {
    self.trust = trust
    context = try Context(.client, "servers")
    switch trust {
    case .systemAuthorities:
      guard SSL_CTX_set_default_verify_paths(context.raw) == 1 else {
        throw TLSError(.unknownAuthority, "servers", reason: OpenSSLQueue.drain().text)
      }
    case .authorities(let file):
      try Context.checkReadable(file)
      ERR_clear_error()
      guard SSL_CTX_load_verify_file(context.raw, file) == 1 else {
        throw TLSError(.notACertificate, file, reason: OpenSSLQueue.drain().text)
      }
    case .dangerouslyAnyone: break
    }
    SSL_CTX_set_verify(context.raw, trust == .dangerouslyAnyone ? SSL_VERIFY_NONE : SSL_VERIFY_PEER, nil)
    let offered = Context.protocols.prefix(1).flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) }
    // Unlike its neighbours, this one answers 0 for success (SSL_CTX_set_alpn_select_cb(3)).
    guard SSL_CTX_set_alpn_protos(context.raw, offered, UInt32(offered.count)) == 0 else {
      throw TLSError(.noCommonProtocol, "servers", reason: OpenSSLQueue.drain().text)
    }
  }

  /// What `Upstream` calls for each stream it connects to `host`, a name or an IP address.
  package func wrap(host: String, limits: Limits = Limits()) -> Upstream.Wrap {
    { [self] stream in try await connect(stream, host: host, limits: limits) }
  }

  /// Does a client's handshake over `stream`, which stays the caller's to close if it fails.
  package func connect(
    _ stream: Stream, host: String, limits: Limits = Limits()
  ) async throws(TLSError) -> TLSStream {
    let name = stream.peer.map { "\(host) at \($0)" } ?? host
    guard let session = SSL_new(context.raw) else { throw TLSError(.other, name, reason: OpenSSLQueue.drain().text) }
    SSL_set_connect_state(session)
    // It owns the session from here on.
    let secure = try TLSStream(context, session, over: stream, name: name, linger: limits.lingerTime)
    try TLSClientContext.expect(host, from: session, name)
    try await secure.handshake(before: stream.loop.now + limits.handshakeTime)
    return secure
  }

  /// Has `session` ask for `host` and accept only a certificate made for it.
  private static func expect(_ host: String, from session: OpaquePointer, _ name: String) throws(TLSError) {
    let isSet: Bool
    if let address = SocketAddress(host: host, port: 0) {
      // RFC 6066 3: an address is no host name, so it is not asked for by SNI.
      isSet = X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session), address.host) == 1
    } else {
      // An empty name would check nothing, and a NUL would end it early.
      let isName = !host.isEmpty && !host.utf8.contains(0)
      SSL_set_hostflags(session, UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS))
      isSet = isName && SSL_set1_host(session, host) == 1 && apus_ssl_set_server_name(session, host) == 1
    }
    guard isSet else { throw TLSError(.wrongHost, name, reason: "this is neither a host name nor an address") }
  }
}
