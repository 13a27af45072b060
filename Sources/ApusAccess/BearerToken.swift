/// A token of the gateway, in memory only: `apus_`, 43 characters of base62 (256 bits), 6 characters of checksum.
///
/// The prefix and the checksum let scanners of repositories and logs find leaked ones, `apus_[0-9A-Za-z]{49}`, without
/// false alarms. Only `hash` is stored.
package struct BearerToken: Sendable {
  private static let prefix = "apus_"
  private static let alphabet: StaticString = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
  /// 62^43 is a little more than 2^256.
  private static let randomCount = 43
  /// 62^6 is more than 2^32.
  private static let checksumCount = 6

  /// The secret itself: shown once, to who asked for it.
  package let text: String

  /// A fresh one from the system's random source.
  package static func random() -> BearerToken {
    let body = prefix + Sodium.randomText(randomCount, of: alphabet)
    return BearerToken(text: body + checksum(of: body))
  }

  private init(text: String) { self.text = text }

  /// Nil for what no gateway has given out: mistyped and cut tokens cost no look into the store.
  package init?(_ text: String) {
    guard text.utf8.count == BearerToken.length, text.hasPrefix(BearerToken.prefix) else { return nil }
    // Of ASCII characters from here on, as the alphabet is.
    guard text.utf8.dropFirst(5).allSatisfy(BearerToken.isInAlphabet) else { return nil }
    let body = String(text.dropLast(BearerToken.checksumCount))
    guard body + BearerToken.checksum(of: body) == text else { return nil }
    self.text = text
  }

  /// Says that it is meant for us, though it may be broken: such a one is refused here and never passed on.
  package static func isOurs(_ text: String) -> Bool { text.hasPrefix(prefix) }

  package var hash: TokenHash { TokenHash(of: self) }

  private static var length: Int { 5 + randomCount + checksumCount }

  private static func isInAlphabet(_ byte: UInt8) -> Bool {
    UnsafeBufferPointer(start: alphabet.utf8Start, count: alphabet.utf8CodeUnitCount).contains(byte)
  }

  /// CRC-32 (ISO 3309), in base62.
  private static func checksum(of text: String) -> String {
    var crc: UInt32 = 0xFFFF_FFFF
    for byte in text.utf8 {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
    }
    var rest = ~crc
    var digits: [UInt8] = []
    for _ in 0..<checksumCount {
      digits.append(alphabet.utf8Start[Int(rest % 62)])
      rest /= 62
    }
    return String(decoding: digits.reversed(), as: UTF8.self)
  }
}

extension BearerToken: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// Tokens end in logs by accident; this one does not.
  package var description: String { "apus_…" }
  package var debugDescription: String { description }
  package var customMirror: Mirror { Mirror(self, children: []) }
}
