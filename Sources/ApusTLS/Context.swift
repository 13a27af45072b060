import COpenSSL

/// What sessions of one kind are made from: an SSL_CTX, freed with its last user.
// Safe because OpenSSL counts its references atomically and it is not changed once its maker has handed it out.
final class Context: @unchecked Sendable {
  let raw: OpaquePointer

  /// What we speak, by the names that ALPN has for it, best first.
  static let protocols = ["http/1.1", "http/1.0"]

  /// With forward secrecy and authenticated encryption only; TLS 1.3 has no others. Clients choose among them, since
  /// they know whether they have AES in hardware.
  private static let ciphers = "ECDHE+AESGCM:ECDHE+CHACHA20"

  enum Side {
    case server
    case client
  }

  init(_ side: Side, _ subject: String) throws(TLSError) {
    guard apus_tls_start() == 1, let raw = SSL_CTX_new(side == .server ? TLS_server_method() : TLS_client_method())
    else { throw TLSError(.other, subject, reason: OpenSSLQueue.drain().text) }
    self.raw = raw
    apus_ctx_set_defaults(raw)
    guard SSL_CTX_set_cipher_list(raw, Context.ciphers) == 1 else {
      throw TLSError(.noCommonCipher, subject, reason: OpenSSLQueue.drain().text)
    }
  }

  deinit {
    SSL_CTX_free(raw)
  }
}
