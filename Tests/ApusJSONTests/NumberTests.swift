import ApusJSON
import Glibc
import Instruments
import Testing

@Suite struct `A JSON number` {
  private func read<T: Decodable>(_ type: T.Type, _ text: String) throws -> T {
    try JSONCodec.decode(type, from: Array(text.utf8))
  }

  @Test func `keeps every integer that fits`() throws {
    #expect(try read(Int64.self, "\(Int64.min)") == .min)
    #expect(try read(UInt64.self, "\(UInt64.max)") == .max)
    #expect(try read(Int128.self, "\(Int128.min)") == .min)
    #expect(try read(UInt128.self, "\(UInt128.max)") == .max)
    #expect(try read(Int.self, "1e3") == 1000)
    #expect(try read(UInt8.self, "255.0") == 255)
    #expect(try read(Int.self, "-0") == 0)
    #expect(try JSON.parse(Array("9223372036854775807".utf8)) == .integer(.max))
    #expect(try JSON.parse(Array("9223372036854775808".utf8)) == .number(0x1p63))
  }

  @Test func `does not become a neighbour of what was written`() throws {
    #expect(throws: JSONError.self) { try read(Int.self, "9007199254740993.0") }
    #expect(throws: JSONError.self) { try read(UInt64.self, "18446744073709551616") }
  }

  @Test func `fits the width of its type or is refused`() throws {
    func check<T: FixedWidthInteger & Codable>(_ type: T.Type) throws {
      let (below, above) = ("\(Int128(T.min) - 1)", "\(Int128(T.max) + 1)")
      #expect(try read(type, "\(T.min)") == .min)
      #expect(try read(type, "\(T.max)") == .max)
      #expect(throws: JSONError.self) { try read(type, below) }
      #expect(throws: JSONError.self) { try read(type, above) }
      #expect(try JSONCodec.encode([T.min, T.max]) == Array("[\(T.min),\(T.max)]".utf8))
    }
    try check(Int8.self)
    try check(Int16.self)
    try check(Int32.self)
    try check(Int64.self)
    try check(Int.self)
    try check(UInt8.self)
    try check(UInt16.self)
    try check(UInt32.self)
    try check(UInt64.self)
    try check(UInt.self)
  }

  @Test func `reads as strtod and strtof read it`() throws {
    var random = SeededRandom(1)
    for _ in 0..<20_000 {
      let digits = (0..<Int.random(in: 1...22, using: &random)).map { _ in Int.random(in: 0...9, using: &random) }
      var text = Bool.random(using: &random) ? "-" : ""
      text += "\(Int.random(in: 1...9, using: &random))" + digits.map(String.init).joined()
      if Bool.random(using: &random) { text += ".\(UInt32.random(in: 0...(.max), using: &random))" }
      text += "e\(Int.random(in: -60...20, using: &random))"
      #expect(try read(Double.self, text).bitPattern == strtod(text, nil).bitPattern, "\(text)")
      let float = strtof(text, nil)
      if float.isFinite { #expect(try read(Float.self, text).bitPattern == float.bitPattern, "\(text)") }
    }
  }

  @Test func `comes back bit for bit`() throws {
    var random = SeededRandom(2)
    for _ in 0..<20_000 {
      let double = Double(bitPattern: random.next())
      let float = Float(bitPattern: UInt32(truncatingIfNeeded: random.next()))
      if double.isFinite {
        let text = try JSONCodec.encode(double)
        #expect(try JSONCodec.decode(Double.self, from: text).bitPattern == double.bitPattern)
        // An integer literal would come back as another document.
        #expect(try JSON.parse(JSON.number(double).serialise()) == .number(double))
      }
      if float.isFinite {
        #expect(try JSONCodec.decode(Float.self, from: JSONCodec.encode(float)).bitPattern == float.bitPattern)
      }
    }
  }

  @Test func `may have any number of digits`() throws {
    let zeros = String(repeating: "0", count: 100_000)
    #expect(try read(Double.self, "1.\(zeros)1") == 1)
    #expect(try read(Double.self, "0.\(zeros)1e100001") == 1)
    #expect(try read(Double.self, "1\(zeros)e-100000") == 1)
    #expect(throws: JSONError.self) { try read(Double.self, "1\(zeros)") }
    #expect(try read(Double.self, "1e-\(zeros)5") == 1e-5)
    #expect(try read(Double.self, "0e99999999999999999999") == 0)
  }
}
