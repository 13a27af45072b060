import ApusHTTP
import ApusIO
import Testing

@Suite struct `Forwarded fields` {
  private static let trusted = TrustedProxies("10.0.0.0/8, ::1")

  private static func fields(_ pairs: [(String, String)]) throws -> Fields {
    var fields = Fields()
    for (name, value) in pairs { try fields.append(name, value) }
    return fields
  }

  private static func made(
    peer: String?, _ pairs: [(String, String)] = [], scheme: String = "http", host: String? = "api.example"
  ) throws -> ForwardedFields {
    ForwardedFields(
      peer: peer.flatMap { SocketAddress(host: $0, port: 40_000) }, trusted: try #require(trusted),
      fields: try fields(pairs), scheme: scheme, host: host)
  }

  @Test func `of a stranger say only what we saw`() throws {
    let sent = [
      ("X-Forwarded-For", "127.0.0.1"), ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "bank.example"),
      ("Forwarded", "for=127.0.0.1"),
    ]
    let made = try Self.made(peer: "203.0.113.9", sent)
    #expect(made.clientAddress == "203.0.113.9")
    #expect(
      String(decoding: made.lines, as: UTF8.self)
        == "X-Forwarded-For: 203.0.113.9\r\nX-Forwarded-Proto: http\r\nX-Forwarded-Host: api.example\r\n")
  }

  @Test func `of a trusted peer are kept and its address is appended`() throws {
    let sent = [
      ("X-Forwarded-For", "6.6.6.6"), ("x-forwarded-for", "198.51.100.7"), ("X-Forwarded-Proto", "HTTPS"),
      ("X-Forwarded-Host", "shop.example:8443"),
    ]
    let made = try Self.made(peer: "10.0.0.1", sent)
    #expect(made.clientAddress == "198.51.100.7")
    #expect(made.forwardedFor == "6.6.6.6, 198.51.100.7, 10.0.0.1")
    #expect(made.scheme == "https")
    #expect(made.host == "shop.example:8443")
  }

  @Test func `of a peer behind a Unix socket are kept as they are`() throws {
    let sent = try Self.fields([("X-Forwarded-For", "198.51.100.7")])
    let unix = ForwardedFields(
      peer: .unix("/run/apus.sock"), trusted: TrustedProxies(), fields: sent, scheme: "http", host: "a")
    #expect(unix.clientAddress == "198.51.100.7")
    #expect(unix.forwardedFor == "198.51.100.7")
    let none = ForwardedFields(peer: nil, trusted: TrustedProxies(), fields: Fields(), scheme: "http", host: nil)
    #expect(none.clientAddress == nil)
    #expect(String(decoding: none.lines, as: UTF8.self) == "X-Forwarded-Proto: http\r\n")
  }

  @Test func `know an IPv4 peer on a dual-stack socket`() throws {
    let made = try Self.made(peer: "::ffff:10.0.0.1", [("X-Forwarded-For", "198.51.100.7")])
    #expect(made.clientAddress == "198.51.100.7")
    #expect(made.forwardedFor == "198.51.100.7, 10.0.0.1")
  }

  @Test(arguments: [
    ("X-Forwarded-Proto", "javascript"), ("X-Forwarded-Proto", "https, http"), ("X-Forwarded-Proto", ""),
    ("X-Forwarded-Host", "a b"), ("X-Forwarded-Host", "evil@host"), ("X-Forwarded-Host", "a, b"),
    ("X-Forwarded-Host", ""), ("X-Forwarded-Host", "<script>"),
  ]) func `pass on no value that a link could not be built from`(name: String, value: String) throws {
    let made = try Self.made(peer: "10.0.0.1", [(name, value)])
    #expect(made.scheme == "http")
    #expect(made.host == "api.example")
  }

  @Test func `take a name that came twice for none`() throws {
    let sent = [("X-Forwarded-Host", "a"), ("X-Forwarded-Host", "b"), ("X-Forwarded-Proto", "https")]
    let twice = try Self.made(peer: "10.0.0.1", sent + [("X-Forwarded-Proto", "https")])
    #expect(twice.host == "api.example")
    #expect(twice.scheme == "http")
  }

  @Test func `leave out a host that is none`() throws {
    #expect(try Self.made(peer: "10.0.0.1", host: "a\r\nX-Evil: 1").host == nil)
    #expect(try Self.made(peer: "10.0.0.1", host: "").host == nil)
  }

  @Test func `take out what says the same in another way`() {
    let removed = ForwardedFields.removed
    for field: KnownField in [.xForwardedFor, .xForwardedHost, .xForwardedProto, .forwarded] {
      #expect(removed.contains(field))
    }
  }
}
