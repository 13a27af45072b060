import ApusHTTP
import Testing

@Suite struct `Trusted proxies` {
  @Test(arguments: [
    ("10.0.0.0/8", "10.255.0.1", true), ("10.0.0.0/8", "11.0.0.1", false), ("10.1.2.3/8", "10.9.9.9", true),
    ("10.0.0.1", "10.0.0.1", true), ("10.0.0.1", "10.0.0.2", false), ("10.0.0.1/32", "10.0.0.1", true),
    ("10.0.0.0/31", "10.0.0.1", true), ("10.0.0.0/31", "10.0.0.2", false), ("0.0.0.0/0", "203.0.113.9", true),
    ("0.0.0.0/0", "2001:db8::1", false), ("::/0", "2001:db8::1", true), ("2001:db8::/32", "2001:db8:1::1", true),
    ("2001:db8::/32", "2001:db9::1", false), ("fe80::/65", "fe80::1", true), ("fe80::/65", "fe80::8000:0:0:1", false),
    ("::1", "::1", true), ("::1", "127.0.0.1", false), ("10.0.0.0/8", "::ffff:10.0.0.1", true),
    ("::ffff:10.0.0.0/104", "10.0.0.1", true), (" 127.0.0.1 , 10.0.0.0/8 ", "10.0.0.1", true), ("", "10.0.0.1", false),
    ("10.0.0.0/8", "unknown", false), ("10.0.0.0/8", "", false),
  ]) func `are told from others`(list: String, host: String, isTrusted: Bool) throws {
    #expect(try #require(TrustedProxies(list)).contains(host) == isTrusted)
  }

  @Test(arguments: [
    "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "10.0.0.0/8/8", "10.0.0", "::/129", "localhost", "10.0.0.1, nobody",
    "10.0.0.0/x", "/8", "10.0.0.1:80",
  ]) func `are addresses or networks`(list: String) {
    #expect(TrustedProxies(list) == nil)
  }

  @Test(arguments: [
    // Nobody is trusted: the peer, whatever it says.
    Chain("", "203.0.113.9", ["1.1.1.1"], is: "203.0.113.9"),
    Chain("10.0.0.0/8", "203.0.113.9", ["1.1.1.1, 10.0.0.1"], is: "203.0.113.9"),
    // A dual-stack socket writes IPv4 peers so; it is the same address.
    Chain("", "::ffff:203.0.113.9", [], is: "203.0.113.9"),
    Chain("10.0.0.0/8", "::ffff:10.0.0.1", ["198.51.100.7"], is: "198.51.100.7"),
    // A trusted peer passes on one caller.
    Chain("10.0.0.0/8", "10.0.0.1", ["198.51.100.7"], is: "198.51.100.7"),
    // What a caller wrote before its own address is forged.
    Chain("10.0.0.0/8", "10.0.0.1", ["127.0.0.1, 10.0.0.9, 198.51.100.7"], is: "198.51.100.7"),
    Chain("10.0.0.0/8", "10.0.0.1", ["6.6.6.6", "198.51.100.7, 10.0.0.2"], is: "198.51.100.7"),
    // All are ours: the one that is furthest away. No chain: the peer.
    Chain("10.0.0.0/8", "10.0.0.1", ["10.0.0.3, 10.0.0.2"], is: "10.0.0.3"),
    Chain("10.0.0.0/8", "10.0.0.1", [], is: "10.0.0.1"),
    Chain("10.0.0.0/8", "10.0.0.1", ["", " , "], is: "10.0.0.1"),
    // What is no address ends the search: the proxy that passed it on is all that is known.
    Chain("10.0.0.0/8", "10.0.0.1", ["<script>, 10.0.0.2"], is: "10.0.0.2"),
    Chain("10.0.0.0/8", "10.0.0.1", ["6.6.6.6, unknown"], is: "10.0.0.1"),
    Chain("10.0.0.0/8", "10.0.0.1", ["/etc/passwd"], is: "10.0.0.1"),
    // OpenFaaS' gateway writes a port; an address is one address in whatever way it is written.
    Chain("10.0.0.0/8", "10.0.0.1", ["198.51.100.7:51234"], is: "198.51.100.7"),
    Chain("10.0.0.0/8", "10.0.0.1", ["[2001:DB8::0:1]:51234"], is: "2001:db8::1"),
    Chain("10.0.0.0/8", "10.0.0.1", ["2001:db8::1"], is: "2001:db8::1"),
    Chain("10.0.0.0/8", "10.0.0.1", ["::ffff:198.51.100.7"], is: "198.51.100.7"),
    // Behind a Unix socket the peer is the gateway.
    Chain("", nil, ["1.1.1.1, 198.51.100.7"], is: "198.51.100.7"),
    Chain("10.0.0.0/8", nil, ["198.51.100.7, 10.0.0.1"], is: "198.51.100.7"),
    Chain("", nil, [], is: nil),
    Chain("", nil, ["nonsense"], is: nil),
  ]) func `give away who called`(chain: Chain) throws {
    let proxies = try #require(TrustedProxies(chain.trusted))
    #expect(proxies.client(forwardedFor: chain.forwardedFor, peer: chain.peer) == chain.client)
  }
}

struct Chain: Sendable, CustomTestStringConvertible {
  let trusted: String
  let peer: String?
  let forwardedFor: [String]
  let client: String?

  init(_ trusted: String, _ peer: String?, _ forwardedFor: [String], is client: String?) {
    self.trusted = trusted
    self.peer = peer
    self.forwardedFor = forwardedFor
    self.client = client
  }

  var testDescription: String { "\(forwardedFor) through \(peer ?? "the gateway"), trusting [\(trusted)]" }
}
