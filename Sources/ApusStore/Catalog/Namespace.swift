package import ApusIO

/// A room for names, with what its owner wrote on the door.
package struct Namespace: Equatable, Sendable {
  package let name: String
  /// A JSON object, byte for byte as it was given.
  package let labels: String
  /// A JSON object, byte for byte as it was given.
  package let annotations: String
  package let createdAt: WallClock
}
