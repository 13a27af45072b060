import ApusAccess

/// What one sign-in grew into: it goes on by refresh tokens, each of them good once.
package struct Session: Sendable, Equatable {
  package let id: [UInt8]
  /// Of the one refresh token that is good now.
  package var hash: [UInt8]
  package let startedAt: Int64
  /// The end, however often it is refreshed.
  package let expiresAt: Int64

  package init(id: [UInt8], hash: [UInt8], startedAt: Int64, expiresAt: Int64) {
    self.id = id
    self.hash = hash
    self.startedAt = startedAt
    self.expiresAt = expiresAt
  }

  /// As the claim `sid` has it. Functions read that, and write it into logs; but only who had a refresh token of the
  /// session knows the id that is in it, and can end the session with a token that was used.
  package var name: String { Base32.encode(Array(Sodium.hash(id).prefix(OneTimeToken.sessionSize))).lowercased() }
}
