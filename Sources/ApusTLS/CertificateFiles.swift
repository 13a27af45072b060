/// Where a certificate is: its chain, own certificate first, and its private key, both in PEM form.
package struct CertificateFiles: Equatable, Sendable {
  package var chain: String
  package var key: String

  package init(chain: String, key: String) {
    self.chain = chain
    self.key = key
  }
}
