package import ApusIO

/// Why a certificate could not be used or a handshake failed: what happened, what it means, what to do.
///
/// Not errors: a certificate of ours that has expired or soon will (`TLSWarning`), since its clients are the judges.
package struct TLSError: Error, Equatable, Sendable, CustomStringConvertible {
  package enum Kind: Equatable, Sendable {
    // Files of ours.
    case unreadableFile
    case noCertificates
    case notACertificate
    case notAKey
    case encryptedKey
    case keyDoesNotMatch

    // The peer's certificate, judged by us.
    case expiredCertificate
    case certificateNotYetValid
    case unknownAuthority
    case wrongHost
    case refusedCertificate

    // The handshake.
    case plainHTTP
    case notTLS
    case noCommonVersion
    case noCommonCipher
    case noCommonProtocol
    /// The peer refused our certificate, or that we have none.
    case refusedByPeer
    case closedEarly
    case expired
    case connection(IOError)
    case other
  }

  package var kind: Kind
  /// A file, a peer's address or its host name.
  package var subject: String
  /// OpenSSL's own words, or the kernel's.
  package var reason: String

  package init(_ kind: Kind, _ subject: String, reason: String = "") {
    self.kind = kind
    self.subject = subject
    self.reason = reason
  }

  package var description: String {
    let why = reason.isEmpty ? "" : " (\(reason))"
    return "TLS with \(subject): \(meaning)\(why). \(advice)"
  }

  private var meaning: String {
    switch kind {
    case .unreadableFile: "the file can't be read"
    case .noCertificates: "there is no certificate to serve with"
    case .notACertificate: "the file holds no certificate in PEM form"
    case .notAKey: "the file holds no private key in PEM form"
    case .encryptedKey: "the private key is locked with a passphrase, and nobody is there to type it"
    case .keyDoesNotMatch: "the private key belongs to another certificate"
    case .expiredCertificate: "the server's certificate, or that of an authority above it, has expired"
    case .certificateNotYetValid: "the server's certificate is not valid yet"
    case .unknownAuthority: "nobody whom we trust has signed the server's certificate"
    case .wrongHost: "the server's certificate is for another host"
    case .refusedCertificate: "the server's certificate does not stand up to the check"
    case .plainHTTP: "the client sent plain HTTP to a port for HTTPS"
    case .notTLS: "what the peer sent is not TLS"
    case .noCommonVersion: "the peer offers no version of TLS that we accept (1.2 or later)"
    case .noCommonCipher: "the peer offers no cipher and signature that go with ours"
    case .noCommonProtocol: "the peer speaks no application protocol of ours (HTTP/1.1)"
    case .refusedByPeer: "the peer refused our certificate"
    case .closedEarly: "the peer closed the connection in the middle of the handshake"
    case .expired: "the handshake was not done in the time allowed"
    case .connection(let error): error.description
    case .other: "the handshake failed"
    }
  }

  private var advice: String {
    switch kind {
    case .unreadableFile: "Check its path and that this user may read it"
    case .noCertificates: "Name the files of a certificate and its key"
    case .notACertificate: "Give the server's certificate first and those above it after (BEGIN CERTIFICATE)"
    case .notAKey: "Give the key that the certificate was requested with (BEGIN PRIVATE KEY)"
    case .encryptedKey: "Write an open copy that only this user may read: openssl pkey -in locked.key -out open.key"
    case .keyDoesNotMatch: "Give the key that the certificate was requested with; the order of files may be mixed up"
    case .expiredCertificate: "Renew it on the server; if it is new, check the clock of this machine"
    case .certificateNotYetValid: "Check the clocks of both machines"
    case .unknownAuthority: "Give the file of its authority, or have the server send the whole chain of certificates"
    case .wrongHost: "Use a name that the certificate holds, or have it made for this one"
    case .refusedCertificate: "Have a new one made; openssl verify says more about this one"
    case .plainHTTP: "Use https:// in the address"
    case .notTLS: "Is the port the right one, and does the server speak TLS there?"
    case .noCommonVersion: "Update the peer, or let it offer TLS 1.2"
    case .noCommonCipher:
      "Let the peer offer ECDHE with AES-GCM or ChaCha20; an old certificate may stand in the way too"
    case .noCommonProtocol: "Let the peer offer http/1.1 (ALPN), or nothing"
    case .refusedByPeer:
      "Give the peer our authority's certificate, and check that ours is neither expired nor misnamed"
    case .closedEarly: "The peer's own log should say why"
    case .expired: "The peer or the network is too slow, or it is no TLS server at all"
    case .connection: "Nothing is wrong with TLS itself"
    case .other: "The words in brackets are OpenSSL's"
    }
  }
}
