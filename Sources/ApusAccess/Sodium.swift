import CSodium

/// What this module and those above it ask of libsodium, as Swift values.
package enum Sodium {
  /// sodium_init picks code for this processor and opens the random source. Once a process.
  private static let isReady = sodium_init() >= 0

  package static func start() {
    precondition(isReady, "libsodium cannot start: the kernel gave it no random source")
  }

  /// BLAKE2b with 256 bits (RFC 7693).
  package static func hash(_ bytes: [UInt8]) -> [UInt8] {
    start()
    var hash = [UInt8](repeating: 0, count: 32)
    let status = crypto_generichash(&hash, hash.count, bytes, UInt64(bytes.count), nil, 0)
    precondition(status == 0, "BLAKE2b refuses lengths of hash or key only, and these are fixed")
    return hash
  }

  /// Takes the same time wherever the first difference is. Lengths are no secret here: hashes have one.
  package static func areEqual(_ one: [UInt8], _ other: [UInt8]) -> Bool {
    guard one.count == other.count else { return false }
    return sodium_memcmp(one, other, one.count) == 0
  }

  /// Characters of `alphabet`, each as likely as any other, from the system's random source.
  package static func randomText(_ count: Int, of alphabet: StaticString) -> String {
    start()
    let size = UInt32(alphabet.utf8CodeUnitCount)
    let bytes = (0..<count).map { _ in alphabet.utf8Start[Int(randombytes_uniform(size))] }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Nil for whatever is not the one way to write its bytes: other characters, wrong padding, stray bits at the end.
  package static func base64(_ text: some Collection<UInt8>, _ alphabet: Base64Alphabet) -> [UInt8]? {
    let characters = text.map { CChar(bitPattern: $0) }
    if characters.isEmpty { return [] }
    var bytes = [UInt8](repeating: 0, count: characters.count)
    var count = 0
    let status = sodium_base642bin(
      &bytes, bytes.count, characters, characters.count, nil, &count, nil, alphabet.rawValue)
    return status == 0 ? Array(bytes.prefix(count)) : nil
  }

  /// Base64 of RFC 4648, as `alphabet` says.
  package static func base64Text(_ bytes: [UInt8], _ alphabet: Base64Alphabet) -> String {
    let size = sodium_base64_encoded_len(bytes.count, alphabet.rawValue)
    return String(unsafeUninitializedCapacity: size) { text in
      text.withMemoryRebound(to: CChar.self) { text in
        if let base = text.baseAddress { sodium_bin2base64(base, size, bytes, bytes.count, alphabet.rawValue) }
      }
      // Without the zero byte at its end.
      return size - 1
    }
  }

  /// From the system's random source.
  package static func randomBytes(_ count: Int) -> [UInt8] {
    start()
    return [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      if let base = buffer.baseAddress { randombytes_buf(base, count) }
      filled = count
    }
  }

  /// A number below `bound`, each as likely as any other.
  package static func random(below bound: Int) -> Int {
    start()
    return Int(randombytes_uniform(UInt32(clamping: bound)))
  }

  /// Overwrites with zeros what is secret and no longer needed.
  package static func wipe(_ bytes: inout [UInt8]) {
    bytes.withUnsafeMutableBytes { if let base = $0.baseAddress { sodium_memzero(base, $0.count) } }
    bytes = []
  }

  package enum Base64Alphabet: CInt {
    // sodium_base64_VARIANT_…, which are macros.
    case padded = 1
    case unpadded = 3
    case urlUnpadded = 7
  }

  /// Whether `key` is a point that a signer can have: 32 bytes, canonical, not of small order (RFC 8032 section 5.1.3).
  static func isVerificationKey(_ key: [UInt8]) -> Bool {
    start()
    return key.count == 32 && crypto_core_ed25519_is_valid_point(key) == 1
  }

  /// Ed25519 as RFC 8032 section 5.1.7 has it, with the checks of small order and of canonical S.
  static func verify(_ signature: [UInt8], of message: [UInt8], key: [UInt8]) -> Bool {
    start()
    guard signature.count == 64, key.count == 32 else { return false }
    return crypto_sign_verify_detached(signature, message, UInt64(message.count), key) == 0
  }
}
