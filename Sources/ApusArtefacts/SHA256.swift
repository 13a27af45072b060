internal import CSodium

/// SHA-256 (FIPS 180-4) of bytes that come in pieces.
package struct SHA256: Sendable {
  private var state = crypto_hash_sha256_state()

  package init() {
    crypto_hash_sha256_init(&state)
  }

  package mutating func update(_ bytes: UnsafeRawBufferPointer) {
    guard let base = bytes.baseAddress else { return }
    crypto_hash_sha256_update(&state, base.assumingMemoryBound(to: UInt8.self), UInt64(bytes.count))
  }

  package consuming func finish() -> SHA256Digest {
    var state = state
    var bytes = [UInt8](repeating: 0, count: SHA256Digest.byteCount)
    crypto_hash_sha256_final(&state, &bytes)
    return SHA256Digest(bytes: bytes)
  }
}

/// What identifies a content: 32 bytes, written as 64 lower-case hexadecimal digits.
package struct SHA256Digest: Hashable, Sendable, CustomStringConvertible {
  static let byteCount = 32

  package let hex: String

  fileprivate init(bytes: [UInt8]) {
    let digits = Array("0123456789abcdef".utf8)
    hex = String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  /// Takes exactly what `hex` gives; nil for anything else.
  package init?(hex: String) {
    let isDigest =
      hex.utf8.count == 2 * Self.byteCount
      && hex.utf8.allSatisfy {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
      }
    guard isDigest else { return nil }
    self.hex = hex
  }

  package var description: String { hex }
}
