/// Base64 as RFC 4648 section 4 has it, with padding.
package enum Base64 {
  /// Nil for whatever is not the one way to write its bytes.
  package static func decode(_ text: String) -> [UInt8]? {
    Sodium.base64(text.utf8, .padded)
  }
}
