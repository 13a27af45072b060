package import ApusIO
package import ApusModel

/// What may be told of a token: all but the part that lets its bearer in.
package struct TokenEntry: Equatable, Sendable {
  /// Also the middle of the token's text.
  package let id: String
  package let scopes: Set<Scope>
  /// The one function that it is for; nil for all.
  package let function: FunctionName?
  package let createdAt: WallClock
  /// Nil for never.
  package let expiresAt: WallClock?
  /// Within ten minutes; nil if it never was.
  package let usedAt: WallClock?

  package func isExpired(at now: WallClock) -> Bool {
    expiresAt.map { $0.stored <= now.stored } ?? false
  }
}
