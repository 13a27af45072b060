import ApusIO
import Testing

@Suite struct `A socket address` {
  @Test(arguments: [
    ("127.0.0.1:80", SocketAddress.ipv4(0x7F00_0001, port: 80)),
    ("0.0.0.0:0", .ipv4(0, port: 0)),
    ("255.255.255.255:65535", .ipv4(.max, port: 65535)),
    ("10.62.0.5:8081", .ipv4(0x0A3E_0005, port: 8081)),
    ("unix:/run/x.sock", .unix("/run/x.sock")),
    ("unix:relative.sock", .unix("relative.sock")),
    ("unix:/a b:c/ü.sock", .unix("/a b:c/ü.sock")),
  ])
  func `is parsed and printed alike`(text: String, address: SocketAddress) {
    #expect(SocketAddress(text) == address)
    #expect(address.description == text)
  }

  @Test(
    arguments: [
      ("[::1]:80", "::1", 80), ("[::]:0", "::", 0),
      ("[2001:db8::8:800:200c:417a]:443", "2001:db8::8:800:200c:417a", 443),
      ("[::ffff:192.0.2.1]:8080", "::ffff:192.0.2.1", 8080),
      ("[ff02::fb]:65535", "ff02::fb", 65535),
    ] as [(String, String, UInt16)])
  func `is parsed and printed alike in version 6`(text: String, host: String, port: UInt16) throws {
    let address = try #require(SocketAddress(text))
    #expect(address.host == host)
    #expect(address.port == port)
    #expect(address.description == text)
    #expect(SocketAddress(host: host, port: port) == address)
    #expect(SocketAddress(host: "[\(host)]", port: port) == address)
  }

  @Test(arguments: [("[fe80::1%2]:80", 2), ("[ff02::fb%4294967295]:0", .max)] as [(String, UInt32)])
  func `keeps its zone, which is none of others' business`(text: String, zone: UInt32) throws {
    let address = try #require(SocketAddress(text))
    guard case .ipv6(_, _, zone, _) = address else {
      Issue.record("the zone was lost: \(address)")
      return
    }
    #expect(address.description == text)
    #expect(!address.host.contains("%"))
    #expect(!address.authority.contains("%"))
    #expect(SocketAddress(address.authority) != address)
  }

  @Test(arguments: [
    ("127.0.0.1:80", "127.0.0.1:80"), ("[fe80::1%2]:80", "[fe80::1]:80"), ("[::1]:8080", "[::1]:8080"),
    ("unix:/x", "localhost"),
  ])
  func `stands in a Host field`(text: String, authority: String) throws {
    #expect(try #require(SocketAddress(text)).authority == authority)
  }

  @Test func `takes a bare path`() {
    #expect(SocketAddress("/run/x.sock") == .unix("/run/x.sock"))
  }

  @Test(arguments: [
    "", ":", ":80", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", "127.0.0.1:+80", "127.0.0.1: 80",
    "127.0.0.1:80 ", " 127.0.0.1:80", "127.0.0.1:8o", "127.0.0.1:٨٠", "127.0.0:80", "127.0.0.256:80", "localhost:80",
    "1.2.3.4.5:80", "127.0.0.1\u{0}.example:80", "::1", "[::1]", "[::1]:", "[::1:80", "::1]:80", "::1:80",
    "2001:db8::5:1", "[]:80", "[::g]:80", "[[::1]]:80", "[127.0.0.1]:80", "[::1\u{0}]:80",
    "[::1%]:80", "[::1%0]:80", "[::1%lo]:80", "[::1%+1]:80", "[::1%4294967296]:80", "[%1]:80", "[127.0.0.1%1]:80",
    "[::1%1%2]:80", "::1%1:80", "127.0.0.1%1:80", "unix:", "unix:/a\u{0}b",
    "/" + String(repeating: "x", count: 107), "/\u{0}",
  ])
  func `refuses what is not one`(text: String) {
    #expect(SocketAddress(text) == nil)
  }

  @Test func `takes the longest path that the kernel takes`() {
    let longest = "/" + String(repeating: "x", count: 106)
    #expect(SocketAddress(longest) == .unix(longest))
  }

  @Test(arguments: [
    ("127.0.0.1:1", true), ("127.255.3.4:1", true), ("128.0.0.1:1", false), ("0.0.0.0:1", false), ("10.0.0.1:1", false),
    ("[::1]:1", true), ("[::]:1", false), ("[::2]:1", false), ("[1::1]:1", false), ("unix:/x", true),
  ])
  func `knows whether others can reach it`(text: String, isLocal: Bool) throws {
    #expect(try #require(SocketAddress(text)).isLocal == isLocal)
  }

  @Test func `has a host without its port`() {
    #expect(SocketAddress.loopback(port: 5).host == "127.0.0.1")
    #expect(SocketAddress.unix("/x").host == "")
    #expect(SocketAddress.unix("/x").port == nil)
  }
}
