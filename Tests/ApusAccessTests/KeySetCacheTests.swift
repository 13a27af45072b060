import ApusAccess
import ApusIO
import Testing

@Suite struct `A cache of keys` {
  private static let keys = try? KeySet(
    jwks: Array(#"{"keys":[{"kty":"OKP","crv":"Ed25519","kid":"a","x":"\#(`A key set`.x)"}]}"#.utf8))

  private static func at(_ seconds: Double) -> Instant { Instant(nanoseconds: 0) + .seconds(1_000) + .seconds(seconds) }

  /// A cache that has fetched `a` at second 0.
  private static func filled() throws -> (KeySetCache, VerificationKey) {
    let keys = try #require(keys)
    var cache = KeySetCache()
    #expect(cache.key("a", now: at(0)) == .fetch(1))
    cache.fetched(keys, fetch: 1, now: at(0))
    return (cache, try #require(keys["a"]))
  }

  @Test func `fetches once for a burst`() throws {
    var cache = KeySetCache()
    #expect(cache.key("a", now: Self.at(0)) == .fetch(1))
    #expect(cache.key("a", now: Self.at(0)) == .wait)
    #expect(cache.key("b", now: Self.at(1)) == .wait)
    let keys = try #require(Self.keys)
    cache.fetched(keys, fetch: 1, now: Self.at(1))
    #expect(cache.key("a", now: Self.at(1)) == .found(try #require(keys["a"])))
    #expect(cache.key("b", now: Self.at(1)) == .unknown)
  }

  @Test func `asks again after five minutes`() throws {
    var (cache, key) = try Self.filled()
    #expect(cache.key("a", now: Self.at(299.9)) == .found(key))
    #expect(cache.key("a", now: Self.at(300)) == .fetch(2))
    #expect(cache.key("a", now: Self.at(300)) == .wait)
  }

  @Test func `asks for an unknown key every ten seconds at most`() throws {
    var (cache, key) = try Self.filled()
    #expect(cache.key("b", now: Self.at(9.9)) == .unknown)
    #expect(cache.key("b", now: Self.at(10)) == .fetch(2))
    // Who has a known key does not wait for that.
    #expect(cache.key("a", now: Self.at(10)) == .found(key))
    #expect(cache.key("c", now: Self.at(10)) == .wait)
    cache.fetched(try #require(Self.keys), fetch: 2, now: Self.at(11))
    #expect(cache.key("b", now: Self.at(12)) == .unknown)
    #expect(cache.key("b", now: Self.at(19.9)) == .unknown)
    #expect(cache.key("b", now: Self.at(20)) == .fetch(3))
  }

  @Test func `keeps old keys for an hour while no fetch succeeds`() throws {
    var (cache, key) = try Self.filled()
    var fetch = 1
    for second in stride(from: 300.0, to: 3_600, by: 10) {
      fetch += 1
      #expect(cache.key("a", now: Self.at(second)) == .fetch(fetch))
      cache.failed(fetch: fetch)
      #expect(cache.key("a", now: Self.at(second + 1)) == .found(key))
      // A new key can't be told from an invented one.
      #expect(cache.key("b", now: Self.at(second + 0.5)) == .unavailable(seconds: 10))
    }
    #expect(cache.key("a", now: Self.at(3_600)) == .fetch(fetch + 1))
    cache.failed(fetch: fetch + 1)
    #expect(cache.key("a", now: Self.at(3_601)) == .unavailable(seconds: 9))
    #expect(cache.key("a", now: Self.at(3_610)) == .fetch(fetch + 2))
    cache.fetched(try #require(Self.keys), fetch: fetch + 2, now: Self.at(3_611))
    #expect(cache.key("a", now: Self.at(3_611)) == .found(key))
  }

  @Test func `believes nobody before its first keys came`() {
    var cache = KeySetCache()
    #expect(cache.key("a", now: Self.at(0)) == .fetch(1))
    cache.failed(fetch: 1)
    #expect(cache.key("a", now: Self.at(2.5)) == .unavailable(seconds: 8))
    #expect(cache.key("a", now: Self.at(10)) == .fetch(2))
  }

  @Test func `gives up a fetch that nobody reports on`() throws {
    let keys = try #require(Self.keys)
    var cache = KeySetCache()
    #expect(cache.key("a", now: Self.at(0)) == .fetch(1))
    #expect(cache.key("a", now: Self.at(29.9)) == .wait)
    #expect(cache.key("a", now: Self.at(30)) == .fetch(2))
    // Too late, and perhaps older than what the second brings.
    cache.fetched(keys, fetch: 1, now: Self.at(31))
    #expect(cache.key("a", now: Self.at(31)) == .wait)
    cache.fetched(keys, fetch: 2, now: Self.at(32))
    #expect(cache.key("a", now: Self.at(32)) == .found(try #require(keys["a"])))
  }

  @Test func `drops a key that the issuer withdrew`() throws {
    var (cache, _) = try Self.filled()
    #expect(cache.key("a", now: Self.at(300)) == .fetch(2))
    let other = Array(#"{"keys":[{"kty":"OKP","crv":"Ed25519","kid":"b","x":"\#(`A key set`.x)"}]}"#.utf8)
    cache.fetched(try KeySet(jwks: other), fetch: 2, now: Self.at(301))
    #expect(cache.key("a", now: Self.at(301)) == .unknown)
  }
}
