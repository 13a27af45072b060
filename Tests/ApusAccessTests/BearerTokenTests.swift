import ApusAccess
import Testing

@Suite struct `A bearer token` {
  /// Its checksum is Python's zlib.crc32, its hash b2sum's with -l 256.
  private static let known = "apus_123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefgh4V92tx"
  private static let knownHash = "6baac11ada7278c48070ab72714ee2586f1850cffed2984234c2c1c936505771"

  @Test func `has a checksum and a hash that others compute too`() throws {
    let token = try #require(BearerToken(Self.known))
    #expect(token.text == Self.known)
    let hexadecimal = token.hash.bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    #expect(hexadecimal == Self.knownHash)
  }

  @Test func `is random, and such that scanners find it`() throws {
    let tokens = (0..<500).map { _ in BearerToken.random() }
    #expect(Set(tokens.map(\.text)).count == 500)
    for token in tokens {
      #expect(token.text.wholeMatch(of: /apus_[0-9A-Za-z]{49}/) != nil)
      #expect(try #require(BearerToken(token.text)).hash == token.hash)
    }
    // Every character occurs about 347 times among 21,500; less than 200 would be eight deviations away.
    var counts: [Character: Int] = [:]
    for token in tokens { for character in token.text.dropFirst(5).dropLast(6) { counts[character, default: 0] += 1 } }
    #expect(counts.count == 62)
    #expect(counts.values.allSatisfy { 200...500 ~= $0 })
  }

  @Test func `is refused with any character changed, added or lost`() {
    let text = Array(Self.known.utf8)
    var accepted: [String] = []
    func offer(_ bytes: [UInt8]) {
      let other = String(decoding: bytes, as: UTF8.self)
      if BearerToken(other) != nil { accepted.append(other) }
    }
    for index in text.indices {
      for byte in 0...UInt8.max where byte != text[index] {
        var changed = text
        changed[index] = byte
        offer(changed)
      }
      var shorter = text
      shorter.remove(at: index)
      offer(shorter)
    }
    #expect(accepted.isEmpty)
    for other in ["", "apus_", "APUS" + Self.known.dropFirst(4), Self.known + "a", " " + Self.known] {
      #expect(BearerToken(other) == nil)
    }
    #expect(BearerToken.isOurs("apus_x"))
    #expect(!BearerToken.isOurs("eyJhbGciOiJFZERTQSJ9.e30.e30"))
  }

  @Test func `does not show itself in a log`() throws {
    let token = try #require(BearerToken(Self.known))
    var dumped = ""
    dump(token, to: &dumped)
    for text in ["\(token)", String(reflecting: token), dumped, "\([token])"] {
      #expect(!text.contains("123456"))
    }
  }

  @Test func `is found by its hash`() throws {
    let tokens = (0..<20).map { _ in BearerToken.random() }
    let stored = try tokens.map { try #require(TokenHash(stored: $0.hash.bytes)) }
    #expect(tokens[0].hash.firstIndex(in: stored) == 0)
    #expect(tokens[13].hash.firstIndex(in: stored + stored) == 13)
    #expect(BearerToken.random().hash.firstIndex(in: stored) == nil)
    #expect(BearerToken.random().hash.firstIndex(in: []) == nil)
  }

  @Test(arguments: [0, 31, 33]) func `has a hash of 32 bytes`(count: Int) {
    #expect(TokenHash(stored: [UInt8](repeating: 0, count: count)) == nil)
  }
}
