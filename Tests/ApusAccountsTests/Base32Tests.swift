import ApusAccounts
import Instruments
import Testing

@Suite struct `Bytes in base32` {
  /// RFC 4648 section 10, without the padding.
  @Test(
    arguments: [
      ("", ""), ("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foob", "MZXW6YQ"), ("fooba", "MZXW6YTB"),
      ("foobar", "MZXW6YTBOI"),
    ])
  func `are as RFC 4648 writes them`(plain: String, text: String) {
    #expect(Base32.encode(Array(plain.utf8)) == text)
    #expect(Base32.decode(text.utf8) == Array(plain.utf8))
    #expect(Base32.decode(text.lowercased().utf8) == Array(plain.utf8))
  }

  @Test(arguments: ["A", "MZX", "MZXW6Y", "MZ", "M1", "MY======", "MY ", "MÝ", "MZXW7"])
  func `that are written wrongly are refused`(text: String) {
    #expect(Base32.decode(text.utf8) == nil)
  }

  @Test func `come back, and any text that is read is written the same`() {
    var random = SeededRandom(1)
    for _ in 0..<2_000 {
      let bytes = (0..<Int.random(in: 0...40, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
      #expect(Base32.decode(Base32.encode(bytes).utf8) == bytes)
      let text = String(
        (0..<Int.random(in: 0...16, using: &random)).map { _ in "ABCXYZ2347".randomElement(using: &random) ?? "A" })
      if let read = Base32.decode(text.utf8) { #expect(Base32.encode(read) == text) }
    }
  }
}
