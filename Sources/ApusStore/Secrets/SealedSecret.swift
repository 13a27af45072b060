package import ApusModel

/// What is stored of a secret. Its bytes open only with the key, and only as this version of this name.
///
/// The bytes: format (1), id of the key (16), nonce (24), then the value encrypted, with its tag (16).
package struct SealedSecret: Equatable, Sendable {
  package let name: SecretName
  package let namespace: String
  package let version: Int64
  package let bytes: [UInt8]

  package init(_ name: SecretName, namespace: String, version: Int64, bytes: [UInt8]) {
    self.name = name
    self.namespace = namespace
    self.version = version
    self.bytes = bytes
  }

  static let format: UInt8 = 1
  static let headerSize = 1 + KeyRing.idSize

  /// Which key opens it; nil if these are not sealed bytes.
  package var keyID: [UInt8]? {
    guard bytes.count >= Self.headerSize, bytes[0] == Self.format else { return nil }
    return Array(bytes[1..<Self.headerSize])
  }

  /// What is not secret but must be as it was: header, namespace, name, version. Lengths go first, so that no two
  /// triples have the same bytes.
  static func associatedData(header: [UInt8], _ name: SecretName, namespace: String, version: Int64) -> [UInt8] {
    var data = Array("apus secret".utf8) + header
    for part in [namespace, name.text] {
      data += Self.bigEndian(UInt64(part.utf8.count))
      data += Array(part.utf8)
    }
    return data + bigEndian(UInt64(bitPattern: version))
  }

  private static func bigEndian(_ number: UInt64) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * UInt64($0))) }
  }
}
