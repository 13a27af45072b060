/// The right to be given new credentials, until the new ones are first used.
package struct Renewal: Sendable, Equatable {
  package let hash: [UInt8]
  package let expiresAt: Int64

  package init(hash: [UInt8], expiresAt: Int64) {
    self.hash = hash
    self.expiresAt = expiresAt
  }
}
