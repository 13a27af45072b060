import ApusModel
import ApusStore
import CSodium
import Testing

@Suite struct `A sealed secret` {
  let box: SealedBox
  let sealed: SealedSecret

  init() throws {
    box = SealedBox(try KeyRing.random())
    sealed = try box.seal(secret("key", "the value"), version: 3)
  }

  private func changed(
    name: String? = nil, namespace: String? = nil, version: Int64? = nil, bytes: [UInt8]? = nil
  ) throws -> SealedSecret {
    SealedSecret(
      try name.map { try SecretName($0) } ?? sealed.name, namespace: namespace ?? sealed.namespace,
      version: version ?? sealed.version, bytes: bytes ?? sealed.bytes)
  }

  private func opening(_ sealed: SealedSecret, with other: SealedBox? = nil) -> StoreError.Kind? {
    kind { () throws(StoreError) in _ = try (other ?? box).open(sealed) }
  }

  @Test(arguments: ["", "x", "the value", String(repeating: "é", count: 1 << 19)])
  func `opens to what was sealed`(value: String) throws {
    let opened = try box.open(box.seal(secret("key", value), version: 1))
    #expect(text(opened) == value)
    #expect(opened.name.text == "key")
  }

  @Test func `is refused when any bit of it is another`() throws {
    var accepted: [Int] = []
    for index in sealed.bytes.indices {
      for bit in 0..<8 {
        var bytes = sealed.bytes
        bytes[index] ^= 1 << UInt8(bit)
        if opening(try changed(bytes: bytes)) == nil { accepted.append(index) }
      }
    }
    #expect(accepted == [])
  }

  @Test func `is refused at every other length`() throws {
    for count in 0..<sealed.bytes.count {
      #expect(opening(try changed(bytes: Array(sealed.bytes.prefix(count)))) != nil, "\(count) bytes")
    }
    #expect(opening(try changed(bytes: sealed.bytes + [0])) == .tampered)
  }

  @Test func `is refused under another name, namespace or version`() throws {
    #expect(opening(sealed) == nil)
    #expect(opening(try changed(name: "kez")) == .tampered)
    #expect(opening(try changed(namespace: "openfaas-fo")) == .tampered)
    #expect(opening(try changed(version: 2)) == .tampered)
    // The boundary between the two names counts too.
    let other = try box.seal(secret("bc", "value", namespace: "a"), version: 1)
    let moved = SealedSecret(try SecretName("c"), namespace: "ab", version: 1, bytes: other.bytes)
    #expect(opening(moved) == .tampered)
  }

  @Test func `does not open with another key`() throws {
    #expect(opening(sealed, with: SealedBox(try KeyRing.random())) == .unknownKey)
  }

  @Test func `never looks the same twice`() throws {
    let again = try box.seal(secret("key", "the value"), version: 3)
    #expect(again.bytes != sealed.bytes)
    #expect(again.keyID == sealed.keyID)
  }

  @Test func `opens by the letter of its format`() throws {
    // The key is known here, and the library is asked directly.
    var keyBytes = [UInt8](repeating: 9, count: 32)
    let ring = try KeyRing(SecureBytes.taking(&keyBytes), from: "test")
    let sealed = try SealedBox(ring).seal(secret("key", "the value"), version: 258)
    let header = Array(sealed.bytes[..<17])
    let nonce = Array(sealed.bytes[17..<41])
    let cipher = Array(sealed.bytes[41...])
    let associated =
      Array("apus secret".utf8) + header + [0, 0, 0, 0, 0, 0, 0, 11] + Array("openfaas-fn".utf8)
      + [0, 0, 0, 0, 0, 0, 0, 3] + Array("key".utf8) + [0, 0, 0, 0, 0, 0, 1, 2]
    var plain = [UInt8](repeating: 0, count: 9)
    let status = crypto_aead_xchacha20poly1305_ietf_decrypt(
      &plain, nil, nil, cipher, UInt64(cipher.count), associated, UInt64(associated.count), nonce,
      [UInt8](repeating: 9, count: 32))
    #expect(status == 0)
    #expect(String(decoding: plain, as: UTF8.self) == "the value")
  }

  @Test func `of more than a megabyte is not made`() throws {
    _ = try secret("key", String(repeating: "x", count: 1 << 20))
    let error = #expect(throws: StoreError.self) { _ = try secret("key", String(repeating: "x", count: 1 << 20 | 1)) }
    #expect(error?.kind == .tooLarge)
  }
}

@Suite struct `Bytes that are secret` {
  @Test func `take an array over and leave zeros`() throws {
    var bytes: [UInt8] = [1, 2, 3]
    let taken = try SecureBytes.taking(&bytes)
    #expect(bytes == [])
    #expect(taken.withBytes { Array($0) } == [1, 2, 3])
  }

  @Test func `are compared by all they hold`() throws {
    var (one, other, longer): ([UInt8], [UInt8], [UInt8]) = ([1, 2], [1, 3], [1, 2, 3])
    let bytes = try SecureBytes.taking(&one)
    #expect(try !bytes.equals(SecureBytes.taking(&other)))
    #expect(try !bytes.equals(SecureBytes.taking(&longer)))
    var same: [UInt8] = [1, 2]
    #expect(try bytes.equals(SecureBytes.taking(&same)))
    var (none, empty): ([UInt8], [UInt8]) = ([], [])
    #expect(try SecureBytes.taking(&none).equals(SecureBytes.taking(&empty)))
  }
}
