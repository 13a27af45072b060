import ApusAccess
import ApusAccounts
import ApusIO
import ApusJSON
import Instruments
import Testing

@Suite struct `A pair's version` {
  @Test func `is never used twice, though all pairs that had one are gone`() throws {
    var account = try AccountSamples.full("ada")
    #expect(account.nextVersion == 3)
    account.next = nil
    account.pair = nil
    #expect(account.nextVersion == 3)
    #expect(try Account(document: account.document).nextVersion == 3)
  }
}

@Suite struct `A sealed field` {
  static let one = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
  static let other = "//////////////////////////////////////////8="
  let account = AccountID.random()

  @Test func `opens with its key for its account and version`() throws {
    let keys = try AccountKeys(Self.one)
    let field = SealedField(sealing: [1, 2, 3], of: account, version: 4, keys)
    #expect(field.keyID == "1")
    #expect(try field.open(of: account, version: 4, keys) == [1, 2, 3])
    #expect(throws: AccountError.self) { try field.open(of: account, version: 5, keys) }
    #expect(throws: AccountError.self) { try field.open(of: .random(), version: 4, keys) }
  }

  @Test func `does not open when any bit of it is another`() throws {
    let keys = try AccountKeys(Self.one)
    let field = SealedField(sealing: [1, 2, 3], of: account, version: 4, keys)
    for index in field.bytes.indices {
      for bit in 0..<8 {
        var bytes = field.bytes
        bytes[index] ^= 1 << UInt8(bit)
        #expect(throws: AccountError.self) {
          try SealedField(keyID: "1", bytes: bytes).open(of: account, version: 4, keys)
        }
      }
    }
    for count in 0..<field.bytes.count {
      #expect(throws: AccountError.self) {
        try SealedField(keyID: "1", bytes: Array(field.bytes.prefix(count))).open(of: account, version: 4, keys)
      }
    }
  }

  @Test func `opens with a key that seals no more, and not without it`() throws {
    let field = SealedField(sealing: [9], of: account, version: 1, try AccountKeys("old:\(Self.one)"))
    let both = try AccountKeys("new:\(Self.other)\nold:\(Self.one)\n")
    #expect(both.first.id == "new")
    #expect(try field.open(of: account, version: 1, both) == [9])
    #expect(SealedField(sealing: [9], of: account, version: 1, both).keyID == "new")
    #expect(throws: AccountError.self) { try field.open(of: account, version: 1, try AccountKeys("new:\(Self.other)")) }
    // Under the same name it is another key.
    #expect(throws: AccountError.self) { try field.open(of: account, version: 1, try AccountKeys("old:\(Self.other)")) }
  }

  @Test(
    arguments: [
      "", "\n", "1", "1:", ":\(one)", "1:\(one):", "1:AAEC", "a b!:\(one)", "1:\(one)\n1:\(other)", "\(one)\n\(other)",
      "1:\(one)x",
    ])
  func `has no key in a text like this`(text: String) {
    #expect { try AccountKeys(text) } throws: { error in
      // It tells what is wrong without telling what is there.
      !"\(error)".contains("AAEC") && (error as? AccountError)?.kind == .settings
    }
  }
}

@Suite struct `A token that is good once` {
  @Test func `is known again by its hash, for its purpose alone`() {
    let token = OneTimeToken(.claim, of: .random())
    #expect(OneTimeToken(token.text, for: .claim)?.matches(token.hash) == true)
    #expect(OneTimeToken(token.text, for: .renewal) == nil)
    #expect(OneTimeToken(token.text, for: .refresh) == nil)
    #expect(!"\(token)".contains(token.text))
    let refresh = OneTimeToken(.refresh, of: .random(), session: [1, 2, 3, 4, 5, 6, 7, 8])
    #expect(OneTimeToken(refresh.text, for: .refresh)?.session == [1, 2, 3, 4, 5, 6, 7, 8])
  }

  @Test func `is another one when any character is`() {
    let token = OneTimeToken(.renewal, of: .random())
    let text = Array(token.text.utf8)
    for index in text.indices {
      var changed = text
      changed[index] = changed[index] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
      let read = OneTimeToken(String(decoding: changed, as: UTF8.self), for: .renewal)
      #expect(read?.matches(token.hash) != true)
    }
  }
}

@Suite struct `Recovery codes` {
  @Test func `are ten, and each is found however it is typed`() throws {
    var (texts, codes) = RecoveryCodes.make()
    #expect(texts.count == 10)
    #expect(Set(texts).count == 10)
    let typed = texts[3].lowercased().filter { $0 != "-" }
    let index = try #require(codes.index(of: typed))
    #expect(codes.index(of: texts[3]) == index)
    codes.remove(at: index)
    #expect(codes.index(of: texts[3]) == nil)
    #expect(codes.index(of: texts[4]) != nil)
    #expect(codes.index(of: "") == nil)
    #expect(codes.index(of: String(repeating: "A", count: 24)) == nil)
  }
}

@Suite struct `A signing key` {
  static let claims = #"{"iss":"apus:openfaas-fn/authenticate","aud":"apus","sub":"x1","exp":1800000900}"#

  @Test func `makes tokens that the gateway's reader believes`() throws {
    let key = try AccountKeys(`A sealed field`.one).first.signing
    let text = try key.token(try .parse(Array(Self.claims.utf8)))
    let keys = try KeySet(jwks: Array(#"{"keys":["#.utf8) + (try key.jwk.serialise()) + Array("]}".utf8))
    let rules = JSONWebToken.Rules(issuer: "apus:openfaas-fn/authenticate", audience: "apus")
    let token = try JSONWebToken(text, keys: keys, rules: rules, now: WallClock(seconds: 1_800_000_000))
    #expect(token.subject == "x1")
    #expect(token.keyID == key.id)
  }

  @Test func `is the same for the same secret, and tells nothing when it is printed`() throws {
    let key = try AccountKeys(`A sealed field`.one).first.signing
    #expect(try AccountKeys("k9:\(`A sealed field`.one)").first.signing.publicKey == key.publicKey)
    #expect(try AccountKeys(`A sealed field`.other).first.signing.publicKey != key.publicKey)
    var dumped = ""
    dump(key, to: &dumped)
    #expect(!dumped.contains("0x") && dumped.utf8.count < 60)
  }

  @Test(.enabled(if: Oracle.succeeds("/usr/bin/python3 -c 'import jwt, cryptography'"), "PyJWT is not here"))
  func `makes tokens that PyJWT believes, from the key set`() throws {
    let key = try AccountKeys(`A sealed field`.one).first.signing
    let text = try key.token(try .parse(Array(Self.claims.utf8)))
    let script = """
      import jwt, sys
      jwk = jwt.PyJWK.from_dict(\(String(decoding: try key.jwk.serialise(), as: UTF8.self)), algorithm="EdDSA")
      token = "\(text)"
      assert jwt.get_unverified_header(token)["kid"] == "\(key.id)"
      claims = jwt.decode(token, jwk.key, algorithms=["EdDSA"], audience="apus", options={"verify_exp": False})
      print(claims["sub"])
      """
    #expect(try Oracle.run("/usr/bin/python3 -", input: Array(script.utf8)) == "x1\n")
  }
}
