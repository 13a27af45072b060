import ApusModel
import Testing

@Suite struct `Percent-coding` {
  @Test(arguments: [
    ("a/b", "a/b"), ("%61%2F%C3%A9", "a/é"), ("a+b", "a+b"), ("", ""), ("%2f", "/"), ("%00", "\0"),
  ]) func `is undone`(text: String, meaning: String) {
    #expect(PercentCoding.decode(text[...]) == meaning)
  }

  @Test(arguments: ["%", "%4", "a%4g", "%+1", "%-1", "%C3", "%FF", "100%"]) func `is refused where it means nothing`(
    text: String
  ) {
    #expect(PercentCoding.decode(text[...]) == nil)
  }

  @Test func `has spaces as pluses in forms`() {
    #expect(PercentCoding.decode("a+b%2B", plusIsSpace: true) == "a b+")
  }

  @Test(arguments: [("100%", "100%"), ("%4g%41", "%4gA"), ("%%41", "%A")])
  func `may stand for itself where it is damaged`(
    text: String, meaning: String
  ) {
    #expect(PercentCoding.bytes(of: text[...].utf8, damage: .kept) == Array(meaning.utf8))
  }
}
