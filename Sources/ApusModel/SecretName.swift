/// The name of a secret, a DNS subdomain, which makes it safe as a file name too: no slash, no `..`.
package struct SecretName: Hashable, Sendable, CustomStringConvertible {
  package let text: String

  package init(_ text: String) throws(NameError) {
    try DNSName.checkSubdomain(text, subject: "secret name")
    self.text = text
  }

  package var description: String { text }
}
