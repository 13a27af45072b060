import ApusAccess
import Testing

@Suite struct `The life of a token` {
  @Test(arguments: [
    ("30d", 2_592_000), ("1d", 86_400), ("3650d", 315_360_000), ("12h", 43_200), ("1h30m", 5_400), ("90s", 90),
    ("1.5s", 1),
  ]) func `is read as people write it`(text: String, seconds: Int64) throws {
    #expect(try TokenLife(text) == .seconds(seconds))
  }

  @Test func `ends unless somebody says that it shall not`() throws {
    #expect(TokenLife.usual == .seconds(2_592_000))
    #expect(try TokenLife("never") == .unlimited)
  }

  @Test(arguments: [
    "", "0", "0d", "d", "-1d", "+1d", "1.5d", "3651d", "999999999999999999d", "30 d", "30D", "soon", "-1h", "999ms",
    "1w", "Never", "87601h",
  ]) func `is no other text`(text: String) {
    #expect(throws: TokenLifeError(text: text)) { try TokenLife(text) }
    #expect(TokenLifeError(text: text).description.contains("30d"))
  }
}
