package import ApusIO
package import ApusModel

/// What may be told of a secret: all but its value.
package struct SecretEntry: Equatable, Sendable {
  package let name: SecretName
  package let namespace: String
  /// Means one value for ever, even if the secret is removed and made again.
  package let version: Int64
  package let createdAt: WallClock
  /// When this version was set.
  package let updatedAt: WallClock
}
