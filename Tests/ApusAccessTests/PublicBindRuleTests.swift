import ApusAccess
import ApusIO
import Testing

@Suite struct `A bind to the world` {
  @Test(arguments: [
    ("127.0.0.1:8080", true), ("127.9.9.9:8080", true), ("[::1]:8080", true), ("[::ffff:127.0.0.1]:8080", true),
    ("unix:/run/apus.sock", true), ("0.0.0.0:8080", false), ("[::]:8080", false), ("192.0.2.1:8080", false),
    ("10.0.0.1:8080", false), ("[fe80::1]:8080", false), ("[::ffff:192.0.2.1]:8080", false), ("128.0.0.1:1", false),
    ("[::2]:8080", false),
  ]) func `is any that others can reach`(text: String, isLocal: Bool) throws {
    let address = try #require(SocketAddress(text))
    let local = SocketAddress.loopback(port: 1)
    if isLocal {
      try PublicBindRule.check([address, local], hasTLS: false, insecurePublic: false)
    } else {
      #expect(throws: PublicBindError(address: address)) {
        try PublicBindRule.check([local, address], hasTLS: false, insecurePublic: false)
      }
    }
    try PublicBindRule.check([address], hasTLS: true, insecurePublic: false)
    try PublicBindRule.check([address], hasTLS: false, insecurePublic: true)
  }

  @Test func `is refused with what can be done`() {
    let text = PublicBindError(address: .ipv4(0, port: 8_080)).description
    for part in ["0.0.0.0:8080", "--tls-cert", "127.0.0.1", "--insecure-public"] { #expect(text.contains(part)) }
  }
}
