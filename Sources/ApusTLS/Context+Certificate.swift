import ApusIO
import COpenSSL
import Glibc

extension Context {
  /// Reads a certificate and its key, and sees that they belong together.
  func load(_ files: CertificateFiles) throws(TLSError) {
    try Context.checkReadable(files.chain)
    try Context.checkReadable(files.key)
    ERR_clear_error()
    guard SSL_CTX_use_certificate_chain_file(raw, files.chain) == 1 else {
      throw TLSError(.notACertificate, files.chain, reason: OpenSSLQueue.drain().text)
    }
    // OpenSSL's own way to get a passphrase is to ask on the terminal and wait.
    var wasLocked = false
    let key = withUnsafeMutablePointer(to: &wasLocked) { flag in
      SSL_CTX_set_default_passwd_cb(raw, refusePassphrase)
      SSL_CTX_set_default_passwd_cb_userdata(raw, flag)
      defer { SSL_CTX_set_default_passwd_cb_userdata(raw, nil) }
      return SSL_CTX_use_PrivateKey_file(raw, files.key, SSL_FILETYPE_PEM)
    }
    // A key of another kind than the certificate's is taken in without complaint; the check afterwards tells.
    if key == 1, SSL_CTX_check_private_key(raw) == 1 { return }
    let queue = OpenSSLQueue.drain()
    if wasLocked { throw TLSError(.encryptedKey, files.key) }
    let isMismatch =
      key == 1 || queue.contains(ERR_LIB_X509, X509_R_KEY_VALUES_MISMATCH)
      || queue.contains(ERR_LIB_X509, X509_R_KEY_TYPE_MISMATCH)
    throw TLSError(isMismatch ? .keyDoesNotMatch : .notAKey, files.key, reason: queue.text)
  }

  /// OpenSSL's words for a missing file are many and none of them is its name.
  static func checkReadable(_ path: String) throws(TLSError) {
    let raw = open(path, O_RDONLY | O_CLOEXEC)
    guard raw >= 0 else {
      throw TLSError(.unreadableFile, path, reason: SystemError(errno, "open", path).description)
    }
    close(raw)
  }

  func warning(for file: String) -> TLSWarning? {
    guard let certificate = SSL_CTX_get0_certificate(raw), let start = X509_get0_notBefore(certificate),
      let end = X509_get0_notAfter(certificate)
    else { return nil }
    if X509_cmp_current_time(start) > 0 { return .notYetValid(file: file) }
    if X509_cmp_current_time(end) < 0 { return .expired(file: file) }
    var days: CInt = 0
    var seconds: CInt = 0
    // A nil start means now (ASN1_TIME_diff(3)).
    guard ASN1_TIME_diff(&days, &seconds, nil, end) == 1, days < TLSWarning.soon else { return nil }
    return .expiresSoon(file: file, days: Int(days))
  }
}

private func refusePassphrase(
  _ text: UnsafeMutablePointer<CChar>?, _ size: CInt, _ isWriting: CInt, _ wasLocked: UnsafeMutableRawPointer?
) -> CInt {
  wasLocked?.storeBytes(of: true, as: Bool.self)
  return -1
}
