import ApusIO
import COpenSSL
import Glibc

/// The certificates of one loading, each with the context that serves it. Handshakes under way keep theirs.
final class CertificateSet: Sendable {
  let warnings: [TLSWarning]
  private let contexts: [Context]
  /// Serves whoever names no host, or none of ours.
  let first: Context

  init(_ files: [CertificateFiles]) throws(TLSError) {
    var contexts: [Context] = []
    var warnings: [TLSWarning] = []
    for entry in files {
      let context = try Context(.server, entry.chain)
      try context.load(entry)
      if let warning = context.warning(for: entry.chain) { warnings.append(warning) }
      if CertificateSet.isOpenToAll(entry.key) { warnings.append(.exposedKey(file: entry.key)) }
      contexts.append(context)
    }
    guard let first = contexts.first else { throw TLSError(.noCertificates, "this server") }
    self.contexts = contexts
    self.warnings = warnings
    self.first = first
    // A session keeps this object as its origin for as long as it may call back.
    let this = Unmanaged.passUnretained(self).toOpaque()
    for context in contexts {
      // Tickets carry what a cache would hold, so that loops share no table.
      apus_ctx_set_no_session_cache(context.raw)
      apus_ctx_on_server_name(context.raw, selectCertificate, this)
      SSL_CTX_set_alpn_select_cb(context.raw, selectProtocol, nil)
    }
  }

  /// A group is what an administrator gave it to, as Debian's ssl-cert; others are everybody.
  private static func isOpenToAll(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & 0o007 != 0
  }

  /// The certificate made for `name`: one that spells it out before one with a wildcard.
  fileprivate func context(for name: UnsafePointer<CChar>) -> Context? {
    let length = strlen(name)
    for flags in [X509_CHECK_FLAG_NO_WILDCARDS, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS] {
      for context in contexts {
        guard let certificate = SSL_CTX_get0_certificate(context.raw) else { continue }
        if X509_check_host(certificate, name, length, UInt32(flags), nil) == 1 { return context }
      }
    }
    return nil
  }
}

private func selectCertificate(
  _ session: OpaquePointer?, _ alert: UnsafeMutablePointer<CInt>?, _ argument: UnsafeMutableRawPointer?
) -> CInt {
  guard let session, let argument, let name = SSL_get_servername(session, TLSEXT_NAMETYPE_host_name) else {
    return SSL_TLSEXT_ERR_NOACK
  }
  let set = Unmanaged<CertificateSet>.fromOpaque(argument).takeUnretainedValue()
  // RFC 6066 3: going on with another certificate is allowed; the client then judges it.
  guard let context = set.context(for: name) else { return SSL_TLSEXT_ERR_NOACK }
  SSL_set_SSL_CTX(session, context.raw)
  return SSL_TLSEXT_ERR_OK
}

private func selectProtocol(
  _ session: OpaquePointer?, _ chosen: UnsafeMutablePointer<UnsafePointer<UInt8>?>?,
  _ chosenLength: UnsafeMutablePointer<UInt8>?, _ offered: UnsafePointer<UInt8>?, _ offeredLength: UInt32,
  _ argument: UnsafeMutableRawPointer?
) -> CInt {
  guard let chosen, let chosenLength, let offered else { return SSL_TLSEXT_ERR_ALERT_FATAL }
  let list = UnsafeBufferPointer(start: offered, count: Int(offeredLength))
  for wanted in Context.protocols {
    var at = 0
    while at < list.count {
      let name = list[(at + 1)...].prefix(Int(list[at]))
      if name.elementsEqual(wanted.utf8) {
        chosen.pointee = offered + name.startIndex
        chosenLength.pointee = UInt8(name.count)
        return SSL_TLSEXT_ERR_OK
      }
      at = name.endIndex
    }
  }
  // RFC 7301 3.2: who offers only what we don't speak must hear so, or it would speak that.
  return SSL_TLSEXT_ERR_ALERT_FATAL
}
