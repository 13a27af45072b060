import CSodium

/// Seals secrets and opens them: XChaCha20-Poly1305-IETF with a random nonce, bound to namespace, name and version.
package final class SealedBox: Sendable {
  private let ring: KeyRing

  package init(_ ring: consuming KeyRing) {
    self.ring = ring
  }

  /// The id of the key that seals.
  package var keyID: [UInt8] { ring.sealingID }

  package func holdsKey(of sealed: SealedSecret) -> Bool {
    sealed.keyID.map { ring.ids.contains($0) } ?? false
  }

  package func seal(_ secret: borrowing Secret, version: Int64) throws(StoreError) -> SealedSecret {
    let nonceSize = Int(APUS_SEAL_NONCE_SIZE)
    let header = [SealedSecret.format] + ring.sealingID
    // 192 bits at random do not repeat (draft-irtf-cfrg-xchacha, section 3.1).
    let nonce = try Sodium.randomBytes(nonceSize)
    let associated = SealedSecret.associatedData(
      header: header, secret.name, namespace: secret.namespace, version: version)
    var sealed = [UInt8](repeating: 0, count: secret.value.count + Int(APUS_SEAL_TAG_SIZE))
    let status = try secret.value.withBytes { plain throws(StoreError) in
      let plain = plain.bindMemory(to: UInt8.self)
      return try ring.withKey(ring.sealingID) { key in
        crypto_aead_xchacha20poly1305_ietf_encrypt(
          &sealed, nil, plain.baseAddress, UInt64(plain.count), associated, UInt64(associated.count), nil, nonce, key)
      }
    }
    guard status == 0 else {
      throw StoreError(.misuse, "could not seal \(secret.name)", advice: "This is a defect of the program: report it")
    }
    return SealedSecret(secret.name, namespace: secret.namespace, version: version, bytes: header + nonce + sealed)
  }

  package func open(_ sealed: SealedSecret) throws(StoreError) -> Secret {
    let nonceEnd = SealedSecret.headerSize + Int(APUS_SEAL_NONCE_SIZE)
    let plainCount = sealed.bytes.count - nonceEnd - Int(APUS_SEAL_TAG_SIZE)
    guard let id = sealed.keyID, plainCount >= 0 else { throw SealedBox.tampered(sealed) }
    guard ring.ids.contains(id) else {
      throw StoreError(
        .unknownKey, "the secret \(sealed.name) can't be opened",
        meaning: "it was sealed with a key that is not in the key file",
        advice: "Put that key file back, or set the secret again (apus secret update \(sealed.name))")
    }
    let header = Array(sealed.bytes[..<SealedSecret.headerSize])
    let nonce = Array(sealed.bytes[SealedSecret.headerSize..<nonceEnd])
    let cipher = Array(sealed.bytes[nonceEnd...])
    let associated = SealedSecret.associatedData(
      header: header, sealed.name, namespace: sealed.namespace, version: sealed.version)
    let value = try SecureBytes.make(count: plainCount) { plain throws(StoreError) in
      let target = plain.bindMemory(to: UInt8.self)
      let status = try ring.withKey(id) { key in
        crypto_aead_xchacha20poly1305_ietf_decrypt(
          target.baseAddress, nil, nil, cipher, UInt64(cipher.count), associated, UInt64(associated.count), nonce, key)
      }
      guard status == 0 else { throw SealedBox.tampered(sealed) }
    }
    return try Secret(sealed.name, namespace: sealed.namespace, value: value)
  }

  private static func tampered(_ sealed: SealedSecret) -> StoreError {
    StoreError(
      .tampered, "the secret \(sealed.name) can't be opened",
      meaning: "what is stored is not what was sealed under this name and version: it is damaged, or was changed",
      advice: "Restore a backup, or set the secret again (apus secret update \(sealed.name))")
  }
}
