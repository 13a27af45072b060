import ApusAccounts
import Instruments
import Testing

@Suite struct `A BSON document` {
  /// Made for each use: of a constant the leak sanitizer can't see that the enum's pointers hold its parts.
  static var sample: BSON {
    [
      "text": "é\u{1F512}", "empty": "", "number": .int64(.min), "small": .int32(-1), "real": .double(0.5),
      "yes": .bool(true), "when": .date(1_800_000_000_123), "nothing": .null,
      "list": .array([.int32(1), ["a": .array([])], "x"]), "inner": ["a": ["b": [:]]],
    ]
  }

  @Test func `is written as the specification says`() {
    // The first example of bsonspec.org.
    let hello: BSON = ["hello": "world"]
    #expect(hello.bytes == [0x16, 0, 0, 0, 2] + Array("hello\0".utf8) + [6, 0, 0, 0] + Array("world\0".utf8) + [0])
  }

  @Test func `comes back as it was`() {
    #expect(BSON(bytes: Self.sample.bytes) == Self.sample)
    #expect(BSON(bytes: [5, 0, 0, 0, 0]) == .document([]))
  }

  @Test func `that is cut or longer than it says is refused`() {
    let bytes = Self.sample.bytes
    for count in 0..<bytes.count { #expect(BSON(bytes: Array(bytes.prefix(count))) == nil) }
    #expect(BSON(bytes: bytes + [0]) == nil)
  }

  @Test func `that is changed anywhere is read or refused, and never read past its end`() {
    var random = SeededRandom(13)
    let sample = Self.sample.bytes
    for _ in 0..<50_000 {
      var bytes = sample
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      if let document = BSON(bytes: bytes) { #expect(BSON(bytes: document.bytes) != nil) }
    }
  }

  @Test func `is not read deeper than any of ours`() {
    var deep: BSON = [:]
    for _ in 0..<40 { deep = ["a": deep] }
    #expect(BSON(bytes: deep.bytes) == nil)
  }

  @Test func `passes over what only others write`() {
    let body: [UInt8] =
      [7] + Array("id\0".utf8) + [UInt8](repeating: 9, count: 12) + [0x11] + Array("t\0".utf8)
      + [UInt8](repeating: 1, count: 8) + [5] + Array("b\0".utf8) + [2, 0, 0, 0, 0, 7, 7] + [0x10]
      + Array("n\0".utf8) + [42, 0, 0, 0]
    let bytes = [UInt8(body.count + 5), 0, 0, 0] + body + [0]
    #expect(BSON(bytes: bytes)?["n"]?.integer == 42)
    #expect(BSON(bytes: bytes)?["id"] == .foreign)
  }
}
