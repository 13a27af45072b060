/// The right to be given an account's credentials once, by the token whose hash this is.
package struct Claim: Sendable, Equatable {
  package let hash: [UInt8]
  package let expiresAt: Int64
  package var isUsed: Bool

  package init(hash: [UInt8], expiresAt: Int64, isUsed: Bool = false) {
    self.hash = hash
    self.expiresAt = expiresAt
    self.isUsed = isUsed
  }
}
