import ApusAccess
import Instruments
import Testing

@Suite struct `A key set` {
  /// The public key of RFC 8037, appendix A.1.
  static let x = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"

  private static func key(_ members: String) -> String { #"{"keys":[{\#(members)}]}"# }

  private static func good(_ id: String, _ more: String = "") -> String {
    #"{"kty":"OKP","crv":"Ed25519","kid":"\#(id)","x":"\#(x)"\#(more)}"#
  }

  private static func read(_ text: String) throws(KeySetError) -> KeySet { try KeySet(jwks: Array(text.utf8)) }

  @Test(arguments: [
    "", #","use":"sig""#, #","alg":"EdDSA""#, #","key_ops":["verify"]"#, #","x5c":["whatever"],"ext":true"#,
  ]) func `holds keys for signatures`(more: String) throws {
    let keys = try Self.read(#"{"keys":[\#(Self.good("a", more))]}"#)
    #expect(keys.ids == ["a"])
    #expect(keys["a"] != nil)
    #expect(keys["b"] == nil)
  }

  @Test(arguments: [
    #"{"kty":"RSA","kid":"r","n":"AQ","e":"AQAB"}"#, #"{"kty":"OKP","crv":"X25519","kid":"x","x":"AAAA"}"#,
    #"{"kty":"OKP","crv":"Ed448","kid":"y","x":"AAAA"}"#, good("z", #","use":"enc""#), good("z", #","alg":"HS256""#),
    good("z", #","key_ops":["sign"]"#), #"{"kty":"oct","k":"c2VjcmV0"}"#,
  ]) func `passes over keys that are for something else`(other: String) throws {
    #expect(try Self.read(#"{"keys":[\#(other),\#(Self.good("a"))]}"#).ids == ["a"])
    #expect(throws: KeySetError.none) { try Self.read(#"{"keys":[\#(other)]}"#) }
  }

  @Test(arguments: [
    // 31 and 33 bytes, padding, stray bits, the other alphabet, no text.
    #""11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHUQ""#, #""11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURoA""#,
    #""11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo=""#, #""11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURp""#,
    #""11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo""#, "7", #""""#,
    // Points of small order, for which anybody can sign: zero, one, and a coordinate beyond the prime.
    #""AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA""#, #""AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA""#,
    #""_________________________________________38""#, #""7f_______________________________________38""#,
  ]) func `takes no key that no signer can have`(x: String) {
    #expect(throws: KeySetError.malformed(0, member: "x")) {
      try Self.read(Self.key(#""kty":"OKP","crv":"Ed25519","kid":"a","x":\#(x)"#))
    }
  }

  @Test(arguments: [
    ("[]", KeySetError.noList), (#"{"keys":{}}"#, .noList), (#"{"keys":[]}"#, .none),
    (#"{"keys":[7]}"#, .malformed(0, member: "kty")), (#"{"keys":[{}]}"#, .malformed(0, member: "kty")),
    (key(#""kty":"OKP","crv":"Ed25519","x":"\#(x)""#), .malformed(0, member: "kid")),
    (key(#""kty":"OKP","crv":"Ed25519","kid":"a b","x":"\#(x)""#), .malformed(0, member: "kid")),
    (key(#""kty":"OKP","crv":"Ed25519","kid":"a""#), .malformed(0, member: "x")),
    (#"{"keys":[\#(good("a")),\#(good("b")),\#(good("a"))]}"#, .duplicate("a")),
    (#"{"keys":[\#(good("a", #","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A""#))]}"#, .secretPublished(0)),
    (#"{"keys":[\#(good("a", #","key_ops":"verify""#))]}"#, .malformed(0, member: "key_ops")),
  ]) func `refuses documents that are none`(text: String, error: KeySetError) {
    #expect(throws: error) { try Self.read(text) }
  }

  @Test(arguments: ["", "{", "keys", #"{"keys":[],"keys":[]}"#]) func `is JSON with each name once`(text: String) throws
  {
    let error = try #require(throws: KeySetError.self) { try Self.read(text) }
    guard case .document = error else {
      Issue.record("\(error)")
      return
    }
  }

  @Test func `has an end`() throws {
    func list(_ count: Int) -> String {
      #"{"keys":["# + (0..<count).map { Self.good("k\($0)") }.joined(separator: ",") + "]}"
    }
    #expect(try Self.read(list(16)).ids.count == 16)
    #expect(throws: KeySetError.tooMany(17)) { try Self.read(list(17)) }
    #expect(throws: KeySetError.tooLong) { try Self.read(String(repeating: " ", count: 65_537)) }
  }

  @Test func `does not trap on noise`() {
    let seed = Array(#"{"keys":[\#(Self.good("a")),\#(Self.good("b", #","use":"sig""#))]}"#.utf8)
    var random = SeededRandom(37)
    for _ in 0..<20_000 {
      var bytes = seed
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      let keys = try? KeySet(jwks: bytes)
      #expect((keys?.ids.count ?? 1) > 0)
    }
  }
}
