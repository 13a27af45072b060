import ApusAccess
import CSodium

/// A field that is of no use to who has the database alone: XChaCha20-Poly1305, bound to its account and version.
package struct SealedField: Sendable, Equatable {
  package let keyID: String
  /// Nonce, then what was sealed, then its tag.
  package let bytes: [UInt8]

  private static let nonceSize = Int(APUS_SEAL_NONCE_SIZE)
  private static let tagSize = Int(APUS_SEAL_TAG_SIZE)

  /// One that was stored.
  package init(keyID: String, bytes: [UInt8]) {
    self.keyID = keyID
    self.bytes = bytes
  }

  package init(sealing plain: [UInt8], of account: AccountID, version: Int64, _ keys: AccountKeys) {
    let key = keys.first
    // 192 bits at random do not repeat (draft-irtf-cfrg-xchacha, section 3.1).
    let nonce = Sodium.randomBytes(SealedField.nonceSize)
    let context = SealedField.context(account, version, key.id)
    var sealed = [UInt8](repeating: 0, count: plain.count + SealedField.tagSize)
    crypto_aead_xchacha20poly1305_ietf_encrypt(
      &sealed, nil, plain, UInt64(plain.count), context, UInt64(context.count), nil, nonce, key.sealing)
    keyID = key.id
    bytes = nonce + sealed
  }

  package func open(of account: AccountID, version: Int64, _ keys: AccountKeys) throws(AccountError) -> [UInt8] {
    guard let key = keys[keyID] else {
      throw AccountError(
        .damaged, "a field of account \(account) is sealed with key \(keyID), which is not in accounts-key",
        advice: "Put that key's line back, below the one that seals")
    }
    let nonce = Array(bytes.prefix(SealedField.nonceSize))
    let sealed = Array(bytes.dropFirst(SealedField.nonceSize))
    let context = SealedField.context(account, version, keyID)
    var plain = [UInt8](repeating: 0, count: max(0, sealed.count - SealedField.tagSize))
    guard sealed.count >= SealedField.tagSize,
      crypto_aead_xchacha20poly1305_ietf_decrypt(
        &plain, nil, nil, sealed, UInt64(sealed.count), context, UInt64(context.count), nonce, key.sealing) == 0
    else {
      throw AccountError(
        .damaged, "a field of account \(account) is not what was sealed for it",
        advice: "It was damaged or put there from elsewhere: restore a backup, or reset the account")
    }
    return plain
  }

  /// What is not secret but must be as it was. Account and version have one length each.
  private static func context(_ account: AccountID, _ version: Int64, _ keyID: String) -> [UInt8] {
    let number = stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: version >> Int64($0)) }
    return Array("apus account field".utf8) + account.bytes + number + Array(keyID.utf8)
  }
}
