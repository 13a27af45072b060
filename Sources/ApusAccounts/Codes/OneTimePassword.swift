/// One-time passwords of RFC 4226 (by a counter) and RFC 6238 (by the time): SHA-1, 30 seconds.
package enum OneTimePassword {
  /// Bytes of a secret: as many as the hash has (RFC 4226 section 4, R6).
  package static let secretSize = 20
  package static let period: Int64 = 30
  package static let digits = 6

  /// The number of the time step (RFC 6238 section 4.2, T0 = 0).
  package static func step(at seconds: Int64) -> Int64 { max(0, seconds) / period }

  /// RFC 4226 section 5.3; digits up to 8.
  package static func code(_ secret: [UInt8], counter: Int64, digits: Int = digits) -> String {
    let message = stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: counter >> Int64($0)) }
    let mac = authenticate(message, key: secret)
    let offset = Int(mac[19] & 15)
    let number = mac[offset..<offset + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) } & 0x7FFF_FFFF
    let divisor = (0..<digits).reduce(UInt32(1)) { power, _ in power * 10 }
    let text = String(number % divisor)
    return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
  }

  /// The step that `code` belongs to, of those that are taken at this time; nil if it is none's.
  ///
  /// Every step of the window is computed and compared whole, so the time does not tell which one it was.
  package static func step(of code: String, _ secret: [UInt8], at seconds: Int64, isStrict: Bool) -> Int64? {
    let given = Array(code.utf8)
    let now = step(at: seconds)
    var found: Int64?
    for candidate in isStrict ? [now] : [now, now - 1] {
      let expected = Array(self.code(secret, counter: candidate).utf8)
      var difference: UInt8 = given.count == expected.count ? 0 : 1
      for (index, byte) in expected.enumerated() { difference |= byte ^ (index < given.count ? given[index] : 0) }
      if difference == 0, candidate >= 0 { found = candidate }
    }
    return found
  }

  /// HMAC-SHA1 (RFC 2104).
  static func authenticate(_ message: [UInt8], key: [UInt8]) -> [UInt8] {
    var block = key.count > SHA1.blockSize ? SHA1.hash(key) : key
    block += [UInt8](repeating: 0, count: SHA1.blockSize - block.count)
    let inner = SHA1.hash(block.map { $0 ^ 0x36 } + message)
    return SHA1.hash(block.map { $0 ^ 0x5C } + inner)
  }
}
