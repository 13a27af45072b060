import ApusJSON
import Foundation
import Instruments
import Testing

@Suite struct `A Codable value` {
  private func ours<T: Codable>(_ value: T) throws -> T {
    try JSONCodec.decode(T.self, from: JSONCodec.encode(value))
  }

  private func text(_ value: some Encodable, _ format: JSONCodec.Format = .compact) throws -> String {
    String(decoding: try JSONCodec.encode(value, format: format), as: UTF8.self)
  }

  /// Through our text and Foundation's reader, and the other way.
  private func check<T: Codable & Equatable>(_ value: T) throws {
    #expect(try ours(value) == value)
    #expect(try JSONDecoder().decode(T.self, from: Data(JSONCodec.encode(value))) == value)
    #expect(try JSONCodec.decode(T.self, from: Array(JSONEncoder().encode(value))) == value)
  }

  @Test func `is understood by Foundation, and Foundation's by us`() throws {
    try check(Shop.sample)
    try check([Shop.sample, Shop.sample])
    try check(["a": [1: Optional(2.5), 2: nil]])
    try check([[String]]())
    try check([String: Int]())
    try check(Optional<Int>.none)
    try check([Optional("a"), nil])
    try check("é\u{0}\u{1F600}\"\\/\u{7F}\u{2028}")
    try check(UInt64.max)
    try check([true, false])
    try check(-0.0)
  }

  @Test(arguments: 0..<4)
  func `of random content is understood by Foundation, and Foundation's by us`(_ seed: UInt64) throws {
    var random = SeededRandom(seed)
    func word() -> String {
      let alphabet: [Character] = ["a", "B", " ", "\"", "\\", "/", "\n", "\u{0}", "é", "€", "😀", "\u{7F}", "\u{2028}"]
      let length = Int.random(in: 0...20, using: &random)
      return String((0..<length).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &random)] })
    }
    for _ in 0..<100 {
      var shop = Shop.sample
      shop.id = Int(truncatingIfNeeded: random.next())
      shop.name = word()
      shop.open = Bool.random(using: &random)
      shop.orders = (0..<Int.random(in: 0...9, using: &random)).map { _ in
        Shop.Order(price: .random(in: -1e9...1e9, using: &random), quantity: .random(in: 0...(.max), using: &random))
      }
      shop.byCode = Dictionary(uniqueKeysWithValues: (0..<40).map { ($0 - 20, word()) })
      shop.payments = [.card(number: word(), year: 1), .voucher(.random(in: 0...1e-300, using: &random))]
      try check(shop)
    }
  }

  @Test func `keeps the order in which it was encoded`() throws {
    let order = Shop.Order(price: 1, quantity: 2, size: .small)
    #expect(try text(order) == #"{"price":1.0,"quantity":2,"size":"small"}"#)
    #expect(try text(["b": 1, "a": 2, "ab": 3], .init(sortedKeys: true)) == #"{"a":2,"ab":3,"b":1}"#)
    #expect(
      try text(order, .init(pretty: true)) == "{\n  \"price\": 1.0,\n  \"quantity\": 2,\n  \"size\": \"small\"\n}")
  }

  @Test func `may be read in any order of members`() throws {
    let text = #"{"quantity":2,"unknown":{"price":[9]},"size":null,"pri\u0063e":1}"#
    let order = try JSONCodec.decode(Shop.Order.self, from: Array(text.utf8))
    #expect(order == Shop.Order(price: 1, quantity: 2, size: nil))
  }

  @Test func `may be a scalar`() throws {
    #expect(try text("a") == "\"a\"")
    #expect(try text(Optional<Int>.none) == "null")
    #expect(try text(Int128.min) == "\(Int128.min)")
    #expect(try ours(UInt128.max) == .max)
    #expect(try text([UInt8](1...3)) == "[1,2,3]")
    #expect(try text(1e300) == "1e+300")
    #expect(try text(Float(0.1)) == "0.1")
  }

  @Test func `of a subclass holds its superclass`() throws {
    let dog = Dog(name: "Rex", breed: "mutt")
    #expect(try text(dog) == #"{"breed":"mutt","super":{"name":"Rex"},"own":{"name":"Rex"}}"#)
    #expect(try ours(dog).name == "Rex")
    #expect(try JSONDecoder().decode(Dog.self, from: Data(JSONCodec.encode(dog))).breed == "mutt")
    // The superclass may also ask for the same container again.
    #expect(try text(Cat(name: "Tom", lives: 9)) == #"{"lives":9,"name":"Tom"}"#)
  }

  @Test func `may fill nested containers in turns`() throws {
    #expect(try text(Braid()) == #"{"left":{"one":1,"three":[true]},"mid":0,"right":[2,{},[4]],"last":5}"#)
    #expect(try ours(Braid()) == Braid())
    #expect(try JSONDecoder().decode(Braid.self, from: Data(JSONCodec.encode(Braid()))) == Braid())
  }

  @Test func `that encodes nothing is an empty object inside another`() throws {
    #expect(try text([Nothing(), Nothing()]) == "[{},{}]")
    #expect(try Array(JSONEncoder().encode([Nothing(), Nothing()])) == JSONCodec.encode([Nothing(), Nothing()]))
    struct Empty: Codable {}
    #expect(try text(Empty()) == "{}")
    #expect(throws: JSONError(.nothingEncoded, path: "")) { try JSONCodec.encode(Nothing()) }
  }

  @Test func `that failed to encode leaves nothing behind`() throws {
    #expect(try text(Forgiving()) == #"{"before":1,"list":[1,2],"after":2}"#)
  }

  @Test func `may keep its decoder longer than the text lives`() throws {
    struct Keeper: Decodable {
      let decoder: any Decoder
      init(from decoder: any Decoder) { self.decoder = decoder }
    }
    let text = UnsafeMutableRawBufferPointer.allocate(byteCount: 40, alignment: 1)
    text.initializeMemory(as: UInt8.self, repeating: 0x20)
    text.copyBytes(from: Array(#"["kept in the tape, not in a buffer"]"#.utf8))
    let keeper = try JSONCodec.decode(Keeper.self, from: UnsafeRawBufferPointer(text))
    text.deallocate()
    #expect(try [String](from: keeper.decoder) == ["kept in the tape, not in a buffer"])
  }

  @Test func `tells where it is`() throws {
    let text = Array(#"{"list":[0,{"in.side":{"deep":0}}]}"#.utf8)
    let found = try JSONCodec.decode([String: PathProbe.List].self, from: text)
    #expect(found["list"]?.path == ["list", "Index 1", "in.side", "deep"])
    #expect(try self.text(["a": [PathProbe.Written()]]) == #"{"a":[["a","Index 0","Index 0"]]}"#)
  }
}
