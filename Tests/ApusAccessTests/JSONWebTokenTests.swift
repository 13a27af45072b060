import ApusAccess
import ApusIO
import ApusModel
import Instruments
import Testing

@Suite struct `A JSON web token` {
  static let now: Int64 = 1_800_000_000
  static let header = #"{"alg":"EdDSA","typ":"JWT","kid":"k1"}"#
  static let claims =
    #"{"iss":"apus:openfaas-fn/authenticate","aud":"apus","sub":"01J9","login":"ada","sid":"s-1","jti":"t-1","#
    + #""iat":1800000000,"nbf":1800000000,"exp":1800000900,"scope":"invoke photos:write"}"#

  private static func rules(leeway: Int64 = 30) -> JSONWebToken.Rules {
    JSONWebToken.Rules(issuer: "apus:openfaas-fn/authenticate", audience: "apus", leeway: leeway)
  }

  private static func read(
    _ text: String, _ keys: KeySet, at now: Int64 = now, leeway: Int64 = 30
  ) throws(TokenError) -> JSONWebToken {
    try JSONWebToken(text, keys: keys, rules: rules(leeway: leeway), now: WallClock(seconds: now))
  }

  private static func failure(_ body: () throws -> JSONWebToken) -> TokenError? {
    do {
      _ = try body()
      return nil
    } catch {
      return error as? TokenError
    }
  }

  @Test func `of another implementation is read`() throws {
    let issuer = try ForeignIssuer()
    let text = try issuer.sign(header: Self.header, claims: Self.claims)
    let token = try Self.read(text, try issuer.keySet())
    #expect(token.subject == "01J9")
    #expect(token.login == "ada")
    #expect(token.sessionID == "s-1")
    #expect(token.id == "t-1")
    #expect(token.expires == 1_800_000_900)
    #expect(token.issuedAt == 1_800_000_000)
    #expect(token.keyID == "k1")
    #expect(token.scopes == [.invoke])
  }

  @Test func `is refused when any byte of it is another`() throws {
    let issuer = try ForeignIssuer()
    let keys = try issuer.keySet()
    let text = Array(try issuer.sign(header: Self.header, claims: Self.claims).utf8)
    #expect(throws: Never.self) { try Self.read(String(decoding: text, as: UTF8.self), keys) }
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+ ".utf8)
    var accepted: [String] = []
    for index in text.indices {
      for byte in alphabet where byte != text[index] {
        var changed = text
        changed[index] = byte
        let error = Self.failure { try Self.read(String(decoding: changed, as: UTF8.self), keys) }
        if error == nil { accepted.append("byte \(index) as \(byte)") }
      }
      var shorter = text
      shorter.remove(at: index)
      let error = Self.failure { try Self.read(String(decoding: shorter, as: UTF8.self), keys) }
      if error == nil { accepted.append("without byte \(index)") }
    }
    #expect(accepted.isEmpty)
  }

  @Test func `does not trap on noise`() throws {
    let issuer = try ForeignIssuer()
    let keys = try issuer.keySet()
    let text = Array(try issuer.sign(header: Self.header, claims: Self.claims).utf8)
    var random = SeededRandom(20_261_121)
    for _ in 0..<5_000 {
      var bytes = text
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let place = Int.random(in: 0..<max(1, bytes.count), using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0 where place < bytes.count: bytes[place] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes.removeLast(bytes.count - min(place, bytes.count))
        case 2: bytes.insert(contentsOf: [0x2E, 0x3D], at: min(place, bytes.count))
        default: bytes += bytes.prefix(place)
        }
      }
      guard bytes != text else { continue }
      #expect(Self.failure { try Self.read(String(decoding: bytes, as: UTF8.self), keys) } != nil)
    }
  }

  @Test func `of an unknown key names it`() throws {
    let issuer = try ForeignIssuer()
    let text = try issuer.sign(header: Self.header, claims: Self.claims)
    let keys = try issuer.keySet(id: "k2")
    #expect(throws: TokenError.unknownKey("k1")) { try Self.read(text, keys) }
    #expect(try UnverifiedToken(text).keyID == "k1")
  }

  @Test func `of another issuer with the same key id is refused`() throws {
    let text = try ForeignIssuer().sign(header: Self.header, claims: Self.claims)
    let keys = try ForeignIssuer().keySet()
    #expect(throws: TokenError.signature) { try Self.read(text, keys) }
  }

  @Test(arguments: [
    (#"{"alg":"none","kid":"k1"}"#, TokenError.algorithm), (#"{"alg":"None","kid":"k1"}"#, .algorithm),
    (#"{"alg":"HS256","kid":"k1"}"#, .algorithm), (#"{"alg":"RS256","kid":"k1"}"#, .algorithm),
    (#"{"alg":"eddsa","kid":"k1"}"#, .algorithm), (#"{"alg":["EdDSA"],"kid":"k1"}"#, .algorithm),
    (#"{"kid":"k1"}"#, .algorithm), (#"{"alg":"EdDSA"}"#, .keyID), (#"{"alg":"EdDSA","kid":""}"#, .keyID),
    (#"{"alg":"EdDSA","kid":7}"#, .keyID), (#"{"alg":"EdDSA","kid":"k 1"}"#, .keyID),
    (#"{"alg":"EdDSA","kid":"k1","crit":["exp"]}"#, .critical), (#"{"alg":"EdDSA","kid":"k1","crit":[]}"#, .critical),
    (#"{"alg":"EdDSA","kid":"k1","b64":false}"#, .critical),
    (#"{"alg":"EdDSA","kid":"k1","typ":"at+jwt"}"#, .type), (#"{"alg":"EdDSA","kid":"k1","typ":1}"#, .type),
    (#"{"alg":"EdDSA","alg":"none","kid":"k1"}"#, .document(.header)), ("[]", .document(.header)),
    ("", .document(.header)), (#"{"alg":"EdDSA","kid":"k1""#, .document(.header)),
  ]) func `is refused for its header, whatever it is signed with`(header: String, error: TokenError) throws {
    let issuer = try ForeignIssuer()
    let text = try issuer.sign(header: header, claims: Self.claims)
    let keys = try issuer.keySet()
    #expect(throws: error) { try Self.read(text, keys) }
  }

  @Test(arguments: ["", #","typ":"jwt""#, #","typ":"JWT","jku":"https://evil.example","x5u":"x""#])
  func `may leave out its type and say things that nobody asked for`(more: String) throws {
    let issuer = try ForeignIssuer()
    let text = try issuer.sign(header: #"{"alg":"EdDSA","kid":"k1"\#(more)}"#, claims: Self.claims)
    #expect(try Self.read(text, try issuer.keySet()).subject == "01J9")
  }

  @Test(arguments: [
    Claim(#""iss":"apus:openfaas-fn/authenticate""#, #""iss":"apus:other/authenticate""#, .issuer),
    Claim(#""iss":"apus:openfaas-fn/authenticate","#, "", .missing(claim: "iss")),
    Claim(
      #""iss":"apus:openfaas-fn/authenticate""#, #""iss":["apus:openfaas-fn/authenticate"]"#, .malformed(claim: "iss")),
    Claim(#""aud":"apus""#, #""aud":"other""#, .audience), Claim(#""aud":"apus","#, "", .missing(claim: "aud")),
    Claim(#""aud":"apus""#, #""aud":[]"#, .audience), Claim(#""aud":"apus""#, #""aud":["a","b"]"#, .audience),
    Claim(#""aud":"apus""#, #""aud":["apus",1]"#, .malformed(claim: "aud")),
    Claim(#""aud":"apus""#, #""aud":null"#, .malformed(claim: "aud")),
    Claim(#""sub":"01J9""#, #""sub":"apus:admin/root""#, .malformed(claim: "sub")),
    Claim(#""sub":"01J9""#, #""sub":"a\r\nX-Evil: 1""#, .malformed(claim: "sub")),
    Claim(#""sub":"01J9""#, #""sub":"""#, .malformed(claim: "sub")),
    Claim(#""sub":"01J9","#, "", .missing(claim: "sub")),
    Claim(#","exp":1800000900"#, "", .missing(claim: "exp")),
    Claim("1800000900", #""1800000900""#, .malformed(claim: "exp")),
    Claim("1800000900", "-1", .malformed(claim: "exp")),
    Claim("1800000900", "1e300", .malformed(claim: "exp")), Claim("1800000900", "null", .malformed(claim: "exp")),
    Claim("1800000900", "9223372036854775807", .malformed(claim: "exp")), Claim("1800000900", "1799999970", .expired),
    Claim(#""nbf":1800000000"#, #""nbf":1800000031"#, .notYetValid),
    Claim(#""iat":1800000000"#, #""iat":1800000031"#, .notYetValid),
    Claim(#""iat":1800000000"#, #""iat":true"#, .malformed(claim: "iat")),
    Claim(#""login":"ada""#, #""login":7"#, .malformed(claim: "login")),
    Claim(#""login":"ada""#, #""login":"ada","login":"bob""#, .document(.claims)),
    Claim(#""login":"ada""#, #""login":[[[[[[[[[]]]]]]]]]"#, .document(.claims)),
  ]) func `is refused for its claims, though its signature holds`(claim: Claim) throws {
    let issuer = try ForeignIssuer()
    let text = try issuer.sign(header: Self.header, claims: claim.apply(to: Self.claims))
    let keys = try issuer.keySet()
    let error = try #require(claim.error)
    #expect(throws: error) { try Self.read(text, keys) }
  }

  @Test(arguments: [
    Claim(#""aud":"apus""#, #""aud":["other","apus"]"#), Claim(#""nbf":1800000000,"#, ""),
    Claim(#""iat":1800000000,"#, ""),
    Claim("1800000900", "1800000900.75"), Claim("1800000900", "1799999971"), Claim("1800000900", "1.8000009e9"),
    Claim(#""nbf":1800000000"#, #""nbf":1800000030"#), Claim(#","scope":"invoke photos:write""#, ""),
  ]) func `may say the same in other ways`(claim: Claim) throws {
    let issuer = try ForeignIssuer()
    let text = try issuer.sign(header: Self.header, claims: claim.apply(to: Self.claims))
    #expect(try Self.read(text, try issuer.keySet()).subject == "01J9")
  }

  @Test(
    arguments: [
      (1_800_000_900, 0, true), (1_800_000_899, 0, false), (1_800_000_929, 30, false), (1_800_000_930, 30, true),
      // More than two minutes of leeway are not to be had.
      (1_800_001_019, 99_999, false), (1_800_001_020, 99_999, true), (1_800_000_900, -50, true),
      (.max, 30, true),
    ] as [(Int64, Int64, Bool)])
  func `ends at its time`(now: Int64, leeway: Int64, isExpired: Bool) throws {
    let issuer = try ForeignIssuer()
    let text = try issuer.sign(header: Self.header, claims: Self.claims)
    let keys = try issuer.keySet()
    #expect(Self.failure { try Self.read(text, keys, at: now, leeway: leeway) } == (isExpired ? .expired : nil))
  }

  @Test(arguments: [
    ("", TokenError.parts), ("a.b", .parts), ("a.b.c.d", .parts), ("..", .document(.header)),
    ("e30.e30.", .algorithm), ("e30=.e30.e30", .encoding(.header)), ("e30.e 30.e30", .encoding(.claims)),
    ("e30.e30.e3", .encoding(.signature)), ("é.e30.e30", .encoding(.header)), ("e30.e30.e+30", .encoding(.signature)),
  ]) func `has three parts in base64url`(text: String, error: TokenError) throws {
    #expect(throws: error) { try UnverifiedToken(text) }
  }

  @Test func `has an end`() {
    #expect(throws: TokenError.tooLong) { try UnverifiedToken(String(repeating: "a", count: 8_193)) }
    #expect(throws: TokenError.parts) { try UnverifiedToken(String(repeating: "a", count: 8_192)) }
  }
}

/// One change to the claims, and what it leads to.
struct Claim: Sendable, CustomTestStringConvertible {
  let old: String
  let new: String
  let error: TokenError?

  init(_ old: String, _ new: String, _ error: TokenError? = nil) {
    self.old = old
    self.new = new
    self.error = error
  }

  func apply(to claims: String) -> String {
    guard let range = claims.firstRange(of: old) else { return "the claims have no \(old)" }
    return claims.replacingCharacters(range, with: new)
  }

  var testDescription: String { "\(old) as \(new)" }
}

extension String {
  fileprivate func replacingCharacters(_ range: Range<Index>, with text: String) -> String {
    String(self[..<range.lowerBound]) + text + String(self[range.upperBound...])
  }
}
