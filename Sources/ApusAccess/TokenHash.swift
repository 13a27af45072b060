/// What a store keeps of a token: BLAKE2b-256 of its text.
///
/// No salt and no slow hash are needed, because nobody can list 256 random bits. A store may look it up by an index:
/// who does not know the token can't steer the hash, so the time of that says nothing.
package struct TokenHash: Sendable {
  /// 32 of them.
  package let bytes: [UInt8]

  package init(of token: BearerToken) {
    bytes = Sodium.hash(Array(token.text.utf8))
  }

  /// Takes what was stored; nil for another length.
  package init?(stored bytes: [UInt8]) {
    guard bytes.count == 32 else { return nil }
    self.bytes = bytes
  }

  /// The place of this hash in `hashes`. Looks at all of them, each in constant time.
  package func firstIndex(in hashes: [TokenHash]) -> Int? {
    var found: Int?
    for (index, candidate) in hashes.enumerated() where candidate == self {
      if found == nil { found = index }
    }
    return found
  }
}

extension TokenHash: Equatable {
  package static func == (one: TokenHash, other: TokenHash) -> Bool { Sodium.areEqual(one.bytes, other.bytes) }
}
