import ApusAccess

/// Names an account for ever: 128 random bits, which say nothing about the login. 26 characters of base32.
package struct AccountID: Hashable, Sendable, CustomStringConvertible {
  package static let size = 16
  package let bytes: [UInt8]

  package init?(bytes: [UInt8]) {
    guard bytes.count == AccountID.size else { return nil }
    self.bytes = bytes
  }

  package init?(_ text: String) {
    guard text.utf8.count == 26, text.utf8.allSatisfy({ !(0x41...0x5A ~= $0) }) else { return nil }
    self.init(bytes: Base32.decode(text.utf8) ?? [])
  }

  private init(unchecked bytes: [UInt8]) {
    self.bytes = bytes
  }

  package static func random() -> AccountID { AccountID(unchecked: Sodium.randomBytes(size)) }

  package var text: String { Base32.encode(bytes).lowercased() }
  package var description: String { text }
}
