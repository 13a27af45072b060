/// A public key of Ed25519.
package struct VerificationKey: Sendable, Hashable {
  private let bytes: [UInt8]

  /// Nil for bytes that no signer has as a key: other lengths, and points with which anything can be signed.
  package init?(_ bytes: [UInt8]) {
    guard Sodium.isVerificationKey(bytes) else { return nil }
    self.bytes = bytes
  }

  func verifies(_ signature: [UInt8], of message: [UInt8]) -> Bool {
    Sodium.verify(signature, of: message, key: bytes)
  }
}
