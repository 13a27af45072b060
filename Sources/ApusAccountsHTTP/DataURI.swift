import ApusAccess

/// Bytes as a link that holds them (RFC 2397).
package enum DataURI {
  package static func text(_ type: String, _ bytes: [UInt8]) -> String {
    "data:\(type);base64,\(Sodium.base64Text(bytes, .padded))"
  }
}
