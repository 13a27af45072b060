import ApusAccess

/// Ten codes that stand for the second factor once each, for who has lost it.
///
/// A code has 120 random bits, so one hash without salt is enough to keep it (NIST SP 800-63B: 112).
package struct RecoveryCodes: Sendable, Equatable {
  package static let count = 10
  private static let bytes = 15

  /// The hashes of those that were not used yet.
  package private(set) var hashes: [[UInt8]]

  package init(hashes: [[UInt8]]) {
    self.hashes = hashes
  }

  /// New codes: as they are shown once, and as they are stored.
  package static func make() -> (texts: [String], stored: RecoveryCodes) {
    let secrets = (0..<count).map { _ in Sodium.randomBytes(bytes) }
    return (secrets.map(text), RecoveryCodes(hashes: secrets.map(hash)))
  }

  /// The place of the code among those that are left; small letters, spaces and dashes are as one likes.
  ///
  /// All are compared, so the time does not tell how many are left or which one it was.
  package func index(of code: String) -> Int? {
    guard code.utf8.count <= 128 else { return nil }
    let letters = code.utf8.filter { $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: " ") }
    guard let secret = Base32.decode(letters), secret.count == RecoveryCodes.bytes else { return nil }
    let given = RecoveryCodes.hash(secret)
    var found: Int?
    for (index, hash) in hashes.enumerated() where Sodium.areEqual(hash, given) { found = index }
    return found
  }

  package mutating func remove(at index: Int) {
    hashes.remove(at: index)
  }

  private static func hash(_ secret: [UInt8]) -> [UInt8] {
    Sodium.hash(Array("apus recovery code".utf8) + secret)
  }

  private static func text(_ secret: [UInt8]) -> String {
    let letters = Array(Base32.encode(secret))
    return stride(from: 0, to: letters.count, by: 4).map { String(letters[$0..<$0 + 4]) }.joined(separator: "-")
  }
}
