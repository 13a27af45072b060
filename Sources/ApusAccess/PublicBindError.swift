package import ApusIO

/// Others could read passwords and tokens on their way.
package struct PublicBindError: Error, Sendable, Equatable, CustomStringConvertible {
  package let address: SocketAddress

  package init(address: SocketAddress) {
    self.address = address
  }

  package var description: String {
    "will not listen on \(address) without TLS: passwords, tokens and all calls could be read on their way. "
      + "Give a certificate (--tls-certificate and --tls-key), or listen on 127.0.0.1 behind a proxy that has one; "
      + "--insecure-public does it all the same"
  }
}
