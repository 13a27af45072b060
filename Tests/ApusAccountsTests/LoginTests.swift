import ApusAccounts
import Instruments
import Testing

@Suite struct `A login` {
  @Test(
    arguments: [
      ("ada", "ada", "ada"), ("Ada Lovelace", "Ada Lovelace", "ada lovelace"),
      ("e\u{301}le\u{300}ve", "élève", "élève"), ("STRASSE", "STRASSE", "strasse"), ("Straße", "Straße", "strasse"),
      ("ΣΊΣΥΦΟΣ", "ΣΊΣΥΦΟΣ", "σίσυφοσ"), ("Σίσυφος", "Σίσυφος", "σίσυφοσ"), ("привет", "привет", "привет"),
      ("ПРИВЕТ", "ПРИВЕТ", "привет"), ("матт", "матт", "матт"), ("ΆΝΝΑ", "ΆΝΝΑ", "άννα"),
      ("ada@example.org", "ada@example.org", "ada@example.org"), ("日本語", "日本語", "日本語"),
    ])
  func `is kept composed and compared folded`(given: String, text: String, folded: String) throws {
    let login = try Login(given)
    #expect(Array(login.text.utf8) == Array(text.utf8))
    #expect(Array(login.folded.utf8) == Array(folded.utf8))
  }

  @Test(
    arguments: [
      ("", "too-short"), ("ab", "too-short"), ("e\u{301}\u{302}\u{303}", "too-short"),
      (String(repeating: "a", count: 65), "too-long"), ("a\nb", "too-short"), ("ada\n", "control-character"),
      ("ad\u{0}a", "control-character"), ("ada\u{200B}", "control-character"), ("ada\u{202E}x", "control-character"),
      ("ada\u{E000}", "no-character"), ("ada\u{378}", "no-character"), (" ada", "space"), ("ada ", "space"),
      ("a  da", "space"), ("a\u{A0}da", "space"), ("a:da", "divider"), ("a/da", "divider"), ("a\\da", "divider"),
      ("---", "no-letter"), ("...", "no-letter"), ("ѕсоре", "confusable"), ("аdа", "confusable"),
      ("ａｄｍｉｎ", "confusable"), ("αdα", "confusable"), ("МАТТ", "confusable"), ("MАТТ", "confusable"),
      ("ΒΕΝ", "confusable"), ("𝐚𝐝𝐦𝐢𝐧", "confusable"), ("𝙰𝚍𝚊𝟽", "confusable"), ("ꓮꓓꓮ", "confusable"),
      ("ᎠᎪᎢᎬ", "confusable"),
    ])
  func `that breaks a rule is told which`(given: String, rule: String) {
    // Three characters of which one is a line break: short comes first only where it is shorter.
    let expected = given == "a\nb" ? "control-character" : rule
    #expect { try Login(given) } throws: { error in
      guard let error = error as? LoginError else { return false }
      #expect(error.rule == expected)
      return error.description.contains("a login")
    }
  }

  @Test func `with marks without end is too long`() {
    #expect(throws: LoginError.tooLong) { try Login("ada" + String(repeating: "\u{301}", count: 200)) }
  }

  @Test func `of random characters is refused or folds to what folds to itself`() {
    var random = SeededRandom(11)
    for _ in 0..<5_000 {
      var scalars = String.UnicodeScalarView()
      for _ in 0..<Int.random(in: 3...12, using: &random) {
        let range: ClosedRange<UInt32> = Bool.random(using: &random) ? 0x20...0x2FF : 0x300...0x1FFFF
        if let scalar = Unicode.Scalar(UInt32.random(in: range, using: &random)) { scalars.append(scalar) }
      }
      guard let login = try? Login(String(scalars)) else { continue }
      #expect((try? Login(login.text)) == login)
      if let again = try? Login(login.folded) { #expect(again.folded == login.folded) }
    }
  }
}
