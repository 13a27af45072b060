import ApusIO
import COpenSSL
import Glibc

extension TLSError {
  /// Why the handshake of `session` failed, from what OpenSSL left on this thread.
  static func handshake(_ session: OpaquePointer, with subject: String) -> TLSError {
    let queue = OpenSSLQueue.drain()
    let verdict = CInt(truncatingIfNeeded: SSL_get_verify_result(session))
    // The verdict of a client that checks nothing is of no account.
    if queue.contains(ERR_LIB_SSL, SSL_R_CERTIFICATE_VERIFY_FAILED), verdict != X509_V_OK {
      return TLSError(
        kind(ofVerdict: verdict), subject, reason: String(cString: X509_verify_cert_error_string(Int(verdict))))
    }
    guard let entry = queue.session else { return TLSError(.other, subject, reason: queue.text) }
    return TLSError(kind(ofReason: entry.reason), subject, reason: entry.text)
  }

  private static func kind(ofVerdict verdict: CInt) -> Kind {
    switch verdict {
    case X509_V_ERR_CERT_HAS_EXPIRED: .expiredCertificate
    case X509_V_ERR_CERT_NOT_YET_VALID: .certificateNotYetValid
    case X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH: .wrongHost
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
      X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT,
      X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, X509_V_ERR_CERT_UNTRUSTED:
      .unknownAuthority
    default: .refusedCertificate
    }
  }

  private static func kind(ofReason reason: CInt) -> Kind {
    switch reason {
    case SSL_R_HTTP_REQUEST, SSL_R_HTTPS_PROXY_REQUEST: .plainHTTP
    case SSL_R_WRONG_VERSION_NUMBER, SSL_R_WRONG_SSL_VERSION, SSL_R_BAD_RECORD_TYPE, SSL_R_UNEXPECTED_RECORD,
      SSL_R_UNEXPECTED_MESSAGE, SSL_R_PACKET_LENGTH_TOO_LONG, SSL_R_RECORD_LENGTH_MISMATCH, SSL_R_BAD_LENGTH,
      SSL_R_LENGTH_MISMATCH, SSL_R_RECORD_TOO_SMALL:
      .notTLS
    case SSL_R_UNSUPPORTED_PROTOCOL, SSL_R_VERSION_TOO_LOW, SSL_R_UNKNOWN_PROTOCOL: .noCommonVersion
    case SSL_R_NO_SHARED_CIPHER, SSL_R_NO_SUITABLE_SIGNATURE_ALGORITHM, SSL_R_NO_SHARED_SIGNATURE_ALGORITHMS,
      SSL_R_NO_SHARED_GROUPS, SSL_R_NO_SUITABLE_KEY_SHARE:
      .noCommonCipher
    case SSL_R_NO_APPLICATION_PROTOCOL: .noCommonProtocol
    case SSL_R_UNEXPECTED_EOF_WHILE_READING: .closedEarly
    case CInt(SSL_AD_REASON_OFFSET)...: kind(ofAlert: reason - CInt(SSL_AD_REASON_OFFSET))
    default: .other
    }
  }

  /// What the peer said when it gave up (RFC 8446 6.2).
  private static func kind(ofAlert alert: CInt) -> Kind {
    switch alert {
    case SSL_AD_BAD_CERTIFICATE, SSL_AD_UNSUPPORTED_CERTIFICATE, SSL_AD_CERTIFICATE_REVOKED,
      SSL_AD_CERTIFICATE_EXPIRED, SSL_AD_CERTIFICATE_UNKNOWN, SSL_AD_UNKNOWN_CA, SSL_AD_ACCESS_DENIED,
      SSL_AD_CERTIFICATE_REQUIRED:
      .refusedByPeer
    case SSL_AD_PROTOCOL_VERSION: .noCommonVersion
    case SSL_AD_HANDSHAKE_FAILURE, SSL_AD_INSUFFICIENT_SECURITY: .noCommonCipher
    case SSL_AD_NO_APPLICATION_PROTOCOL: .noCommonProtocol
    default: .other
    }
  }

  /// Why an established session broke, as the streams above know errors.
  static func broken(_ operation: String, _ subject: String) -> IOError {
    let queue = OpenSSLQueue.drain()
    if queue.contains(ERR_LIB_SSL, SSL_R_UNEXPECTED_EOF_WHILE_READING) {
      let advice = "The peer closed the connection without ending TLS first, so what it sent may be cut"
      return .system(SystemError(ECONNABORTED, operation, subject, advice: advice))
    }
    return .system(SystemError(EPROTO, operation, subject, advice: "TLS broke: \(queue.text)"))
  }
}
