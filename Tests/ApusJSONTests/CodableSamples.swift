class Animal: Codable {
  let name: String
  init(name: String) { self.name = name }
}

/// Keeps its superclass in a place of its own, as synthesis does not.
final class Dog: Animal {
  let breed: String

  private enum Keys: String, CodingKey { case breed, own }

  init(name: String, breed: String) {
    self.breed = breed
    super.init(name: name)
  }

  required init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Keys.self)
    breed = try container.decode(String.self, forKey: .breed)
    _ = try Animal(from: container.superDecoder(forKey: .own))
    try super.init(from: container.superDecoder())
  }

  override func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Keys.self)
    try container.encode(breed, forKey: .breed)
    try super.encode(to: container.superEncoder())
    try super.encode(to: container.superEncoder(forKey: .own))
  }
}

final class Cat: Animal {
  let lives: Int

  private enum Keys: String, CodingKey { case lives }

  init(name: String, lives: Int) {
    self.lives = lives
    super.init(name: name)
  }

  required init(from decoder: any Decoder) throws {
    lives = try decoder.container(keyedBy: Keys.self).decode(Int.self, forKey: .lives)
    try super.init(from: decoder)
  }

  override func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Keys.self)
    try container.encode(lives, forKey: .lives)
    try super.encode(to: encoder)
  }
}

struct Nothing: Encodable {
  func encode(to encoder: any Encoder) throws {}
}

struct Failing: Codable {
  struct Refusal: Error {}

  init() {}

  init(from decoder: any Decoder) throws {
    throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "not today"))
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Forgiving.Keys.self)
    try container.encode("half", forKey: .before)
    var nested = container.nestedUnkeyedContainer(forKey: .list)
    try nested.encode(1)
    throw EncodingError.invalidValue(
      1, .init(codingPath: container.codingPath, debugDescription: "not this one"))
  }
}

struct Forgiving: Encodable {
  enum Keys: String, CodingKey { case before, list, after }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Keys.self)
    try container.encode(1, forKey: .before)
    try? container.encode(Failing(), forKey: .list)
    try? container.encode(Double.nan, forKey: .list)
    var list = container.nestedUnkeyedContainer(forKey: .list)
    try list.encode(1)
    try? list.encode(Failing())
    try? list.encode([1, .infinity])
    try list.encode(2)
    try container.encode(2, forKey: .after)
  }
}

/// Writes into containers in turns, and leaves some of them empty.
struct Braid: Codable, Equatable {
  private enum Keys: String, CodingKey { case left, mid, right, last }
  private enum Inner: Int, CodingKey { case one = 1, three = 3 }

  init() {}

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Keys.self)
    var left = container.nestedContainer(keyedBy: Inner.self, forKey: .left)
    try container.encode(0, forKey: .mid)
    var right = container.nestedUnkeyedContainer(forKey: .right)
    try left.encode(1, forKey: .one)
    try right.encode(2)
    var three = left.nestedUnkeyedContainer(forKey: .three)
    _ = right.superEncoder()
    var four = right.nestedUnkeyedContainer()
    try container.encode(5, forKey: .last)
    try four.encode(4)
    try three.encode(true)
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Keys.self)
    let left = try container.nestedContainer(keyedBy: Inner.self, forKey: .left)
    var three = try left.nestedUnkeyedContainer(forKey: .three)
    var right = try container.nestedUnkeyedContainer(forKey: .right)
    let numbers = try [
      left.decode(Int.self, forKey: .one), right.decode(Int.self), container.decode(Int.self, forKey: .last),
    ]
    _ = try right.superDecoder().container(keyedBy: Inner.self)
    var four = try right.nestedUnkeyedContainer()
    let four4 = try four.decode(Int.self)
    guard numbers == [1, 2, 5], four4 == 4, try three.decode(Bool.self), right.isAtEnd, left.allKeys.count == 2 else {
      throw DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: "another braid"))
    }
  }
}

enum PathProbe {
  struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  struct List: Decodable {
    let path: [String]

    init(from decoder: any Decoder) throws {
      var list = try decoder.unkeyedContainer()
      _ = try list.decode(Int.self)
      let outer = try list.nestedContainer(keyedBy: Key.self)
      let inner = try outer.nestedContainer(keyedBy: Key.self, forKey: Key(stringValue: "in.side"))
      path = try inner.superDecoder(forKey: Key(stringValue: "deep")).codingPath.map(\.stringValue)
    }
  }

  /// Writes its own path as an array.
  struct Written: Encodable {
    func encode(to encoder: any Encoder) throws {
      var list = encoder.unkeyedContainer()
      for key in encoder.codingPath { try list.encode(key.stringValue) }
      try list.encode("Index 0")
    }
  }
}
