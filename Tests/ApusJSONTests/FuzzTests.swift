import ApusJSON
import Instruments
import Testing

@Suite struct `A damaged JSON text` {
  private static let whole = Array(
    #"""
    {"id":-12,"name":"Zoë \"Z\" \u00e9\ud83d\ude00","price":[1.5e3,0.25,-0,12345678901234567890],"open":true,
     "none":null,"nested":{"a":{"b":[[],{},[{"c":"é€😀"}]]}},"long":"a string of more than sixteen bytes"}
    """#.utf8)

  @Test func `is refused wherever it was cut`() throws {
    _ = try JSON.parse(Self.whole)
    for length in 0..<Self.whole.count {
      #expect(throws: JSONError.self, "\(length)") { try JSON.parse(Array(Self.whole[..<length])) }
    }
  }

  @Test(arguments: 0..<8)
  func `never traps, and what passes comes back`(_ seed: UInt64) throws {
    var random = SeededRandom(seed)
    let alphabet = Array(#"[]{}",:0123456789-+.eEtfn\u "#.utf8) + [0, 0x1F, 0x80, 0xC2, 0xED, 0xA0, 0xF4, 0xFF]
    for _ in 0..<4000 {
      var text = Self.whole
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let place = Int.random(in: 0..<text.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: text[place] = alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
        case 1: text.insert(alphabet[Int.random(in: 0..<alphabet.count, using: &random)], at: place)
        case 2: text.removeSubrange(place..<min(text.count, place + Int.random(in: 1...9, using: &random)))
        default: text[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        }
      }
      do {
        let value = try JSON.parse(text)
        #expect(try JSON.parse(value.serialise()) == value)
        #expect(try JSON.parse(value.serialise(format: .init(sortedKeys: true, pretty: true))) == value)
      } catch let error as JSONError {
        #expect(!error.description.isEmpty)
        #expect(!error.description.utf8.contains { $0 < 0x20 })
      }
      _ = try? JSONCodec.decode(Shop.self, from: text)
    }
  }

  @Test(arguments: 0..<4)
  func `made of random tokens never traps`(_ seed: UInt64) {
    var random = SeededRandom(seed + 100)
    let tokens = ["[", "]", "{", "}", ",", ":", "\"a\"", "\"", "1", "-", "1e9", "null", "true", " ", "\\", "\u{E9}"]
    for _ in 0..<20_000 {
      let count = Int.random(in: 0..<14, using: &random)
      let text = (0..<count).map { _ in tokens[Int.random(in: 0..<tokens.count, using: &random)] }.joined()
      _ = try? JSON.parse(Array(text.utf8))
    }
  }
}
