import ApusAccounts
import Instruments
import Testing

@Suite struct `A password that is made` {
  @Test func `has every class and 24 characters, and is not made twice`() {
    let passwords = (0..<1_000).map { _ in PasswordMaker.make() }
    for password in passwords {
      let bytes = Array(password.utf8)
      #expect(bytes.count == 24)
      for kind in PasswordMaker.Class.allCases { #expect(bytes.contains(where: kind.characters.contains)) }
    }
    #expect(Set(passwords).count == passwords.count)
  }

  /// A statistic of 100,000 passwords at each of 24 places. The bound is that of one chance in a million for each of 48
  /// tests (Wilson and Hilferty's approximation), so a sound generator fails once in 20,000 runs.
  @Test func `favours no character and no class at any place`() {
    let count = 100_000
    let alphabet = PasswordMaker.alphabet
    var seen = [[Int]](repeating: [Int](repeating: 0, count: 256), count: PasswordMaker.length)
    for _ in 0..<count {
      for (place, byte) in PasswordMaker.make().utf8.enumerated() { seen[place][Int(byte)] += 1 }
    }
    let chances = Self.chances
    for place in seen {
      let characters = alphabet.map { byte in (Double(place[Int(byte)]), chances.character[Int(byte)] * Double(count)) }
      #expect(Self.statistic(characters) < Self.bound(degrees: alphabet.count - 1))
      let classes = PasswordMaker.Class.allCases.map { kind in
        (
          kind.characters.reduce(0.0) { $0 + Double(place[Int($1)]) },
          kind.characters.reduce(0.0) { $0 + chances.character[Int($1)] } * Double(count)
        )
      }
      #expect(Self.statistic(classes) < Self.bound(degrees: 3))
    }
  }

  @Test func `would be caught by this test if it were biased`() {
    // As a remainder of a byte makes it: the first characters are likelier.
    let size = PasswordMaker.alphabet.count
    var seen = [Double](repeating: 0, count: size)
    var random = SeededRandom(3)
    for _ in 0..<100_000 { seen[Int(UInt8.random(in: 0...255, using: &random)) % size] += 1 }
    let statistic = Self.statistic(seen.map { ($0, 100_000 / Double(size)) })
    #expect(statistic > Self.bound(degrees: size - 1))
  }

  /// How likely each character is at a place, given that all classes are in the password: by counting what lacks some
  /// (inclusion and exclusion).
  private static var chances: (character: [Double], accepted: Double) {
    let sizes = PasswordMaker.Class.allCases.map { Double($0.characters.count) }
    let all = sizes.reduce(0, +)
    func power(_ base: Double, _ exponent: Int) -> Double {
      (0..<exponent).reduce(1.0) { product, _ in product * base }
    }
    func holding(_ required: [Int], places: Int) -> Double {
      (0..<(1 << required.count)).reduce(0.0) { sum, mask in
        let missing = required.enumerated().filter { mask >> $0.offset & 1 == 1 }
        let share = (all - missing.reduce(0.0) { $0 + sizes[$1.element] }) / all
        return sum + (missing.count.isMultiple(of: 2) ? 1 : -1) * power(share, places)
      }
    }
    let accepted = holding([0, 1, 2, 3], places: 24)
    var character = [Double](repeating: 0, count: 256)
    for kind in PasswordMaker.Class.allCases {
      let rest = holding([0, 1, 2, 3].filter { $0 != kind.rawValue }, places: 23)
      for byte in kind.characters { character[Int(byte)] = rest / all / accepted }
    }
    return (character, accepted)
  }

  private static func statistic(_ cells: [(seen: Double, expected: Double)]) -> Double {
    cells.reduce(0) { $0 + ($1.seen - $1.expected) * ($1.seen - $1.expected) / $1.expected }
  }

  private static func bound(degrees: Int) -> Double {
    let part = 2 / (9 * Double(degrees))
    // 4.753: the normal quantile of one in a million.
    let root = 1 - part + 4.753 * part.squareRoot()
    return Double(degrees) * root * root * root
  }
}

@Suite struct `A password's hash` {
  @Test func `is Argon2id as asked for, and says so`() throws {
    let hash = try PasswordHash(of: "correct horse")
    #expect(hash.text.hasPrefix("$argon2id$v=19$m=47104,t=2,p=1$"))
    #expect(!hash.isOutdated)
    #expect(hash.matches("correct horse"))
    #expect(!hash.matches("correct hors"))
    #expect(!hash.matches(""))
    #expect(!"\(hash)".contains("argon2"))
  }

  @Test(.enabled(if: Oracle.has("argon2"), "argon2 is not here"))
  func `is the one that the argon2 program makes`() throws {
    // Their salt; libsodium draws its own, so its hashes are checked by reading theirs.
    let theirs = try Oracle.run(
      "argon2 saltsaltsaltsalt -id -t 2 -k 47104 -p 1 -l 32 -e", input: Array("pa$$ wörd".utf8))
    let hash = PasswordHash(stored: String(theirs.prefix { $0 != "\n" }))
    #expect(hash.matches("pa$$ wörd"))
    #expect(!hash.matches("pa$$ word"))
    #expect(!hash.isOutdated)
    let weak = try Oracle.run("argon2 saltsaltsaltsalt -id -t 2 -k 19456 -p 1 -l 32 -e", input: Array("old".utf8))
    let old = PasswordHash(stored: String(weak.prefix { $0 != "\n" }))
    #expect(old.matches("old"))
    #expect(old.isOutdated)
  }

  @Test func `of nobody takes the time of one of somebody, and is nobody's`() {
    #expect(!PasswordHash.ofNobody.isOutdated)
    let clock = ContinuousClock()
    let time = clock.measure { #expect(!PasswordHash.ofNobody.matches("anything")) }
    // A refusal of its form would take microseconds.
    #expect(time > .milliseconds(10))
  }

  @Test(arguments: [
    "", "$argon2id$", "plain", "$argon2id$v=19$m=47104,t=2,p=1$a$b", "\u{1F512}", String(repeating: "a", count: 500),
  ])
  func `that is none matches nothing and is outdated`(text: String) {
    #expect(!PasswordHash(stored: text).matches(text))
    #expect(PasswordHash(stored: text).isOutdated)
  }

  @Test func `is not made of what is longer than anybody's password`() throws {
    let long = String(repeating: "a", count: 1_025)
    #expect(!PasswordHash.ofNobody.matches(long))
  }
}
