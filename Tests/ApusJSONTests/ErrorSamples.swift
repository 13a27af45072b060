/// A member for each way in which a text can fail to suit its type.
struct Everything: Codable {
  struct Pair: Codable {
    init(from decoder: any Decoder) throws {
      var list = try decoder.unkeyedContainer()
      _ = try (list.decode(Int.self), list.decode(Int.self))
    }
  }

  var orders: [Shop.Order]
  var flags: [Bool]?
  var names: [String: [String: String]]?
  var pair: Pair?
  var ratio: Float?
  var failing: [Failing]?
  var size: Shop.Size?
}

/// Asks for two kinds of container.
struct Undecided: Encodable {
  func encode(to encoder: any Encoder) throws {
    _ = encoder.container(keyedBy: PathProbe.Key.self)
    _ = encoder.unkeyedContainer()
  }
}

/// Lets a member write into its owner's container.
struct Meddler: Encodable {
  private struct Member: Encodable {
    let owner: KeyedEncodingContainer<PathProbe.Key>

    func encode(to encoder: any Encoder) throws {
      var own = encoder.container(keyedBy: PathProbe.Key.self)
      try own.encode(1, forKey: PathProbe.Key(stringValue: "x"))
      var owner = owner
      try owner.encode(2, forKey: PathProbe.Key(stringValue: "stolen"))
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: PathProbe.Key.self)
    try container.encode(1, forKey: PathProbe.Key(stringValue: "first"))
    try container.encode(Member(owner: container), forKey: PathProbe.Key(stringValue: "second"))
  }
}
