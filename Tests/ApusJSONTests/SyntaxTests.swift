import ApusJSON
import Testing

@Suite struct `A JSON text` {
  @Test(arguments: [
    "null", "true", "false", "0", "-0", "-1.5e+10", "1E5", "\"\"", "[]", "{}", " \t\r\n[ ]\n", "[1,2]", "{\"\":0}",
    #""\"\\\/\b\f\n\r\t\u0000\uD83D\uDE00""#, "\"\u{7F}\u{2028}\u{FFFF}\u{10FFFF}\"", "[[[[]]]]", "{\"a\":{\"a\":1}}",
    #"{"a":1,"A":2}"#, "[0,-0.0,1e-400]", "\"twenty-four plain characters, and é after them\"",
  ])
  func `is accepted`(_ text: String) throws {
    _ = try JSON.parse(Array(text.utf8))
  }

  @Test(arguments: [
    "", " ", "nul", "nullx", "True", "NaN", "Infinity", "-Infinity", "undefined", "'a'", "+1", "01", "-01", "-", "1.",
    ".5", "1e", "1e+", "0x10", "1_000", "[1,]", "[,1]", "[1 2]", "[", "]", "[1", "{", "}", "{\"a\"}", "{\"a\":}",
    "{\"a\":1,}", "{a:1}", "{1:1}", "{\"a\" 1}", "{,}", "{\"a\":1 \"b\":2}", "[}", "{]", "\"", "\"a", "\"\\", "\"\\u12",
    "\"\\x\"", "\"\\u12G4\"", "\"\\uD800\"", "\"\\uDC00\"", "\"\\uD800\\u0041\"", "\"\\uD800\\n\"", "\"a\nb\"",
    "\"\u{0}\"", "1 2", "[] []", "null,", "// a\n1", "/* a */ 1", "\u{FEFF}1", "\u{A0}1", "1\u{0}", "\u{0}", "1e999",
    #"{"a":1,"a":1}"#, #"{"a":1,"\u0061":2}"#, "[\"\\u00e\"]",
  ])
  func `is refused`(_ text: String) {
    #expect(throws: JSONError.self) { try JSON.parse(Array(text.utf8)) }
  }

  @Test(arguments: [
    [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC2], [0xC2, 0x41], [0xE0, 0x80, 0x80], [0xE0, 0x9F, 0xBF],
    [0xE2, 0x82], [0xE2, 0x28, 0xA1], [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xF0, 0x80, 0x80, 0x80],
    [0xF0, 0x8F, 0xBF, 0xBF], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xF0, 0x9F, 0x98], [0xFE], [0xFF],
  ])
  func `is refused with bytes that are not UTF-8`(_ bytes: [UInt8]) {
    let quote: [UInt8] = [0x22]
    for before in 0..<9 {
      let padding = [UInt8](repeating: 0x61, count: before)
      #expect(throws: JSONError.self) { try JSON.parse(quote + padding + bytes + quote) }
      #expect(throws: JSONError.self) { try JSON.parse(quote + padding + bytes) }
    }
  }

  @Test(arguments: PythonTable.rows)
  func `means what Python says`(_ row: PythonTable.Row) {
    let value = try? JSON.parse(row.document)
    #expect(value.map(PythonTable.canonical) ?? "refused" == row.verdict, "\(row)")
  }

  @Test(arguments: 0..<0x20)
  func `holds no bare control character`(_ code: Int) throws {
    let byte = UInt8(code)
    #expect(throws: JSONError.self) { try JSON.parse([0x22, byte, 0x22]) }
    let text = String(UnicodeScalar(byte))
    #expect(try JSON.parse(JSON.string(text).serialise()) == .string(text))
  }

  @Test func `with a key twice is refused among many keys`() throws {
    for count in [2, 24, 25, 400] {
      let members = (0..<count).map { "\"key number \($0)\":0" }
      let twice = #","\u006Bey number 1":0"#
      _ = try JSON.parse(Array("{\(members.joined(separator: ","))}".utf8))
      #expect(throws: JSONError.self) { try JSON.parse(Array("{\(members.joined(separator: ","))\(twice)}".utf8)) }
    }
  }

  @Test func `with keys chosen to collide costs no more than a sort`() throws {
    func cost(_ key: (Int) -> String) throws -> Duration {
      let text = Array("{\((0..<20_000).map { "\"\(key($0 + 100_000))\":0" }.joined(separator: ","))}".utf8)
      return try (0..<3).map { _ in try ContinuousClock().measure { _ = try JSON.parse(text) } }.min() ?? .zero
    }
    let usual = try cost { "\($0)prefixessuffixes" }
    // Same length, same first and last eight bytes: one fingerprint for all. Comparing each with each would be
    // 200 million comparisons, a thousand times the usual cost.
    #expect(try cost { "prefixes\($0)suffixes" } < usual * 50)
  }
}
