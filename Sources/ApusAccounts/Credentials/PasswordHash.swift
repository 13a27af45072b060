import ApusAccess
import CSodium

/// A password as it is stored: Argon2id (RFC 9106) in the PHC string format.
package struct PasswordHash: Sendable, Equatable {
  /// 47,104 KiB: OWASP's largest setting, doubled in time. One lane, as libsodium always has it.
  package static let memoryBytes = 47_104 * 1_024
  package static let passes: UInt64 = 2

  package let text: String

  /// One that was stored.
  package init(stored text: String) {
    self.text = text
  }

  /// Takes about 0.1 s and 46 MiB: behind `HashGate` and off the loop.
  package init(of password: String) throws(AccountError) {
    Sodium.start()
    var buffer = [CChar](repeating: 0, count: Int(crypto_pwhash_STRBYTES))
    let bytes = password.utf8.map { CChar(bitPattern: $0) }
    let status = crypto_pwhash_str_alg(
      &buffer, bytes, UInt64(bytes.count), PasswordHash.passes, PasswordHash.memoryBytes,
      crypto_pwhash_ALG_ARGON2ID13)
    guard status == 0 else {
      throw AccountError(
        .outOfMemory, "a password could not be hashed", advice: "Give the function 47 MB more for each hash at a time")
    }
    text = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Whether it is the hash of `password`. Takes as long for a wrong one as for the right one.
  package func matches(_ password: String) -> Bool {
    Sodium.start()
    guard let stored = padded, password.utf8.count <= AccountLimits.passwordBytes else { return false }
    let bytes = password.utf8.map { CChar(bitPattern: $0) }
    return crypto_pwhash_str_verify(stored, bytes, UInt64(bytes.count)) == 0
  }

  /// It was made with other settings than today's, or is no hash at all.
  package var isOutdated: Bool {
    guard let stored = padded else { return true }
    return crypto_pwhash_str_needs_rehash(stored, PasswordHash.passes, PasswordHash.memoryBytes) != 0
  }

  /// What an unknown login's password is compared with, so that it takes as long as a known one's. Nobody knows what it
  /// is the hash of: salt and tag are random bytes.
  package static let ofNobody = PasswordHash(
    stored: "$argon2id$v=19$m=47104,t=2,p=1$q0NVcWlGZ3RkVjVXc1h6Zw$mC3p3E1q7sPz3u1n1m6tqQv7mE3c9kq3pV0oYy1l4bA")

  private var padded: [CChar]? {
    let size = Int(crypto_pwhash_STRBYTES)
    guard text.utf8.count < size, text.utf8.allSatisfy({ 0x21...0x7E ~= $0 }) else { return nil }
    return text.utf8.map { CChar(bitPattern: $0) } + [CChar](repeating: 0, count: size - text.utf8.count)
  }
}

extension PasswordHash: CustomStringConvertible, CustomReflectable {
  package var description: String { "***" }
  package var customMirror: Mirror { Mirror(self, children: []) }
}
