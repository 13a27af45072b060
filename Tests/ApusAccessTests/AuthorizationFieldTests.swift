import ApusAccess
import ApusHTTP
import Instruments
import Testing

@Suite struct `An Authorization field` {
  private static func read(_ text: String) -> AuthorizationField { AuthorizationField(value: Array(text.utf8)) }

  @Test(arguments: [
    // RFC 7617, section 2 and its appendix with a pound sign in UTF-8.
    ("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==", "Aladdin", "open sesame"), ("Basic dGVzdDoxMjPCow==", "test", "123£"),
    ("basic YTpiOmM6ZA==", "a", "b:c:d"), ("BASIC   YTpi  ", "a", "b"), ("Basic Og==", "", ""),
    ("Basic Og", "", ""), ("Basic YTo=", "a", ""), ("Basic OmI", "", "b"), ("\tBasic \t YTpi", "a", "b"),
  ]) func `carries a name and a password`(text: String, name: String, password: String) {
    #expect(Self.read(text) == .basic(name: name, password: password))
  }

  @Test(arguments: [
    "Basic", "Basic ", "Basic =", "Basic YQ==", "Basic YTpi=", "Basic YTpi====", "Basic YTp", "Basic YTp=", "Basic Y",
    // Stray bits, a line break inside, the other alphabet, two values, a NUL, a line feed, no UTF-8.
    "Basic Oh==", "Basic YT pi", "Basic YT_-", "Basic YTpi, Basic YTpi", "Basic AGE6Yg==", "Basic YTpiCg==",
    "Basic /zpi", "Basic é", "Basic YTr/",
  ]) func `is refused when its name and password are none`(text: String) {
    #expect(Self.read(text) == .rejected(.basic))
  }

  @Test(arguments: [
    ("Bearer abc", "abc"), ("bearer  a.b-c_d~e+f/g==", "a.b-c_d~e+f/g=="), ("BEARER x ", "x"), ("Bearer =a", nil),
    ("Bearer \"abc\"", nil), ("Bearer a b", nil), ("Bearer a,b", nil), ("Bearer =", nil), ("Bearer é", nil),
    ("Bearer a=b", nil), ("Bearer a\0", nil),
  ]) func `carries a token`(text: String, token: String?) {
    #expect(Self.read(text) == token.map { .bearer($0) } ?? .rejected(.bearer))
  }

  @Test(arguments: ["", " ", "\t", "Bearer", "Bearer ", "bearer   "]) func `may say nothing`(text: String) {
    #expect(Self.read(text) == .absent)
  }

  @Test(arguments: [
    ("Digest username=\"a\"", "digest"), ("AWS4-HMAC-SHA256 Credential=x", "aws4-hmac-sha256"),
    ("Negotiate", "negotiate"),
    ("Basicx YTpi", "basicx"), ("BearerToken x", "bearertoken"),
  ]) func `may be of a scheme that is not ours`(text: String, scheme: String) {
    #expect(Self.read(text) == .other(scheme: scheme))
  }

  @Test(arguments: [":", "\"Basic\" YTpi", "Ba(sic) YTpi", "é x", "Bearer\tabc", "Basic:YTpi", "\0"])
  func `is refused without a scheme`(text: String) {
    #expect(Self.read(text) == .rejected(.scheme))
  }

  @Test func `has an end`() {
    #expect(Self.read("Bearer " + String(repeating: "a", count: 8_185)) != .rejected(.tooLong))
    #expect(Self.read("Bearer " + String(repeating: "a", count: 8_186)) == .rejected(.tooLong))
  }

  @Test func `is one of a head, and only one`() throws {
    var fields = Fields()
    #expect(AuthorizationField(fields) == .absent)
    try fields.append("AUTHORIZATION", "Bearer a")
    try fields.append("Proxy-Authorization", "Bearer b")
    #expect(AuthorizationField(fields) == .bearer("a"))
    try fields.append("Authorization", "Bearer a")
    #expect(AuthorizationField(fields) == .rejected(.repeated))
  }

  @Test func `does not trap on noise`() {
    let seeds = ["Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==", "Bearer abc.def-ghi==", "Digest a=\"b\""].map { Array($0.utf8) }
    var random = SeededRandom(7_617)
    var accepted = 0
    for _ in 0..<30_000 {
      var bytes = seeds[Int.random(in: 0..<seeds.count, using: &random)]
      for _ in 0..<Int.random(in: 0...4, using: &random) {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        if Bool.random(using: &random) { bytes.remove(at: place) }
        bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
      }
      // Nothing that could end a line comes out, whatever goes in.
      switch AuthorizationField(value: bytes) {
      case .basic(let name, let password):
        accepted += 1
        #expect((name + password).utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F } && !name.utf8.contains(0x3A))
      case .bearer(let token): #expect(token.utf8.allSatisfy { 0x21...0x7E ~= $0 })
      case .other(let scheme): #expect(scheme.utf8.allSatisfy { 0x21...0x7E ~= $0 })
      case .absent, .rejected: break
      }
    }
    #expect(accepted > 100)
  }
}
