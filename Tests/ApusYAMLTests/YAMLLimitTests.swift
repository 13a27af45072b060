import ApusYAML
import Testing

@Suite struct `A limit on YAML` {
  private static func problem(_ text: String) -> YAMLError? {
    #expect(throws: YAMLError.self) { try YAMLParser.parse(text) }
  }

  @Test func `bounds the input`() throws {
    let largest = String(repeating: " ", count: (1 << 20) - 1) + "a"
    #expect(try YAMLParser.parse(largest).count == 1)
    let error = Self.problem(largest + "a")
    #expect(error?.kind == .inputTooLarge)
    #expect(error?.what == "the text has 1048577 bytes, 1048576 are allowed")
  }

  @Test(arguments: [("[", "]"), ("{a: ", "}"), ("- ", "")])
  func `bounds the depth`(opening: String, closing: String) throws {
    func nested(_ depth: Int) -> String {
      String(repeating: opening, count: depth) + "x" + String(repeating: closing, count: depth)
    }
    #expect(try YAMLParser.parse(nested(64)).count == 1)
    let error = Self.problem(nested(65))
    #expect(error?.kind == .tooDeep)
    #expect(error?.column == 64 * opening.count + 1)
    // Far beyond libyaml's own limit, which would be reached later.
    #expect(Self.problem(String(repeating: opening, count: 100_000))?.kind == .tooDeep)
  }

  @Test func `bounds the depth that aliases add up to`() {
    var text = "- &a0 [x]\n"
    for level in 1...64 { text += "- &a\(level) [*a\(level - 1)]\n" }
    let error = Self.problem(text)
    #expect(error?.kind == .tooDeep)
    #expect(error?.line == 64)
  }

  @Test func `bounds the number of values`() throws {
    #expect(try YAMLParser.parse("[" + String(repeating: "1,", count: 99_999) + "]").first?.items?.count == 99_999)
    #expect(Self.problem("[" + String(repeating: "1,", count: 100_000) + "]")?.kind == .tooManyNodes)
    #expect(Self.problem(String(repeating: "---\n", count: 100_001))?.kind == .tooManyNodes, "over all documents")
  }

  @Test func `refuses a billion laughs`() {
    var text = "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n"
    for level in 1...9 {
      let uses = Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ")
      text += "a\(level): &a\(level) [\(uses)]\n"
    }
    let error = Self.problem(text)
    #expect(error?.kind == .tooManyNodes)
    #expect(error?.line == 6, "9^5 values are below 100,000, 9^6 are not")
  }

  @Test func `refuses one long text with many aliases`() {
    let text = "- &a " + String(repeating: "x", count: 500_000) + "\n" + String(repeating: "- *a\n", count: 20_000)
    let error = Self.problem(text)
    #expect(error?.kind == .tooMuchText)
    #expect(error?.line == 17)
  }

  @Test func `refuses a tag that a directive stretches`() {
    let text =
      "%TAG !e! tag:" + String(repeating: "x", count: 500_000) + "\n--- \n"
      + String(repeating: "- !e!a b\n", count: 20_000)
    #expect(Self.problem(text)?.kind == .tagTooLong)
  }

  @Test func `can be set`() throws {
    var limits = YAMLLimits()
    limits.nodes = 3
    #expect(try YAMLParser.parse("[1, 2]", limits: limits).count == 1)
    #expect(throws: YAMLError.self) { try YAMLParser.parse("[1, 2, 3]", limits: limits) }
  }
}
