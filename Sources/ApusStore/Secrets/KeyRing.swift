import CSodium

/// The keys of one file: the first seals, all open.
package struct KeyRing: ~Copyable, Sendable {
  static let idSize = 16
  static let keySize = Int(APUS_SEAL_KEY_SIZE)

  private let keys: SecureBytes
  /// One a key, derived from it, so that a sealed value can say which key it needs.
  package let ids: [[UInt8]]

  /// Takes keys of 32 bytes, one after the other.
  package init(_ keys: consuming SecureBytes, from path: String) throws(StoreError) {
    guard keys.count > 0, keys.count.isMultiple(of: Self.keySize), keys.count <= StoreLimits.keys * Self.keySize else {
      throw StoreError(
        .badKeyFile, "the key file \(path) has \(keys.count) bytes",
        meaning: "a key has \(Self.keySize), and there may be \(StoreLimits.keys) of them",
        advice: "Put the right file back: without it the secrets can't be opened")
    }
    ids = try keys.withBytes { bytes throws(StoreError) in
      var ids: [[UInt8]] = []
      for start in stride(from: 0, to: bytes.count, by: Self.keySize) {
        let key = UnsafeRawBufferPointer(rebasing: bytes[start..<start + Self.keySize])
        ids.append(try Sodium.hash("apus key id", key, count: Self.idSize))
      }
      return ids
    }
    self.keys = keys
  }

  package static func random() throws(StoreError) -> KeyRing {
    try KeyRing(SecureBytes.random(count: keySize), from: "in memory")
  }

  /// The id of the key that seals.
  package var sealingID: [UInt8] { ids[0] }

  /// Lends the key of that id; nil if it is not here.
  func withKey<Value>(
    _ id: [UInt8], _ body: (UnsafePointer<UInt8>) throws(StoreError) -> Value
  ) throws(StoreError) -> Value? {
    guard let index = ids.firstIndex(of: id) else { return nil }
    return try keys.withBytes { bytes throws(StoreError) -> Value? in
      let all = bytes.bindMemory(to: UInt8.self)
      guard let base = all.baseAddress else { return nil }
      return try body(base + index * Self.keySize)
    }
  }

  func withBytes<Value>(_ body: (UnsafeRawBufferPointer) throws(StoreError) -> Value) throws(StoreError) -> Value {
    try keys.withBytes(body)
  }
}
