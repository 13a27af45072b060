import Glibc

/// The id of one invocation, in every log line about it and in its `X-Call-Id` header.
package struct CallID: Hashable, Sendable, CustomStringConvertible {
  /// Bytes accepted from a client: three times a UUID, room for the prefixes that tracing systems add.
  package static let lengthLimit = 128

  package let text: String

  package var description: String { text }

  /// Makes a fresh id: a random UUID, version 4 (RFC 9562 §5.4), in lower-case text.
  package init() {
    var bits: UInt128 = 0
    let status = withUnsafeMutableBytes(of: &bits) { getentropy($0.baseAddress, $0.count) }
    // getrandom(2), which serves getentropy(3), cannot fail nor be interrupted for up to 256 bytes; if the kernel has
    // no such call at all, the standard library's generator finds another source.
    if status != 0 {
      var generator = SystemRandomNumberGenerator()
      bits = UInt128.random(in: .min ... .max, using: &generator)
    }
    self.init(randomBits: bits)
  }

  /// Lays 128 random bits out as a UUID; six of them give way to version and variant.
  init(randomBits: UInt128) {
    let version: UInt128 = 0x4 << 76
    let variant: UInt128 = 0b10 << 62
    let bits = randomBits & ~(UInt128(0xF) << 76) & ~(UInt128(0b11) << 62) | version | variant
    text = String(unsafeUninitializedCapacity: 36) { target in
      var at = 0
      for nibble in 0..<32 {
        if nibble == 8 || nibble == 12 || nibble == 16 || nibble == 20 {
          target[at] = UInt8(ascii: "-")
          at += 1
        }
        let value = UInt8(truncatingIfNeeded: bits >> UInt128((31 - nibble) * 4)) & 0xF
        target[at] = value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
        at += 1
      }
      return at
    }
  }

  /// Takes over the id that a client sent: 1 to 128 visible ASCII characters, none of which quotes, brackets or
  /// separates fields in a log line or a list of headers.
  package init(fromClient text: String) throws(CallIDError) {
    guard !text.isEmpty else { throw .empty }
    guard text.utf8.count <= Self.lengthLimit else { throw .tooLong(count: text.utf8.count) }
    for (position, byte) in text.utf8.enumerated() where !Self.isAccepted(byte) {
      throw .forbidden(byte: byte, position: position + 1)
    }
    self.text = text
  }

  private static func isAccepted(_ byte: UInt8) -> Bool {
    // Visible ASCII is 0x21...0x7E; the rest of this list is what formats of logs give a meaning to.
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "`"), UInt8(ascii: "\\"): false
    case UInt8(ascii: "="), UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "|"): false
    case UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "["), UInt8(ascii: "]"): false
    case UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "<"), UInt8(ascii: ">"): false
    case 0x21...0x7E: true
    default: false
    }
  }
}
