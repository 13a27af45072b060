package import ApusIO
package import ApusModel

/// The desired state of one function, as it was last applied.
package struct StoredDeployment: Equatable, Sendable {
  package let name: FunctionName
  /// Counts from 1 since `createdAt`; one more with each apply that changes the document.
  package let generation: Int64
  /// JSON, byte for byte as it was applied; what it means is not this module's business.
  package let document: String
  /// As the last scale set it; nil when none did.
  package let replicas: Int64?
  package let createdAt: WallClock
  /// When the document was changed.
  package let updatedAt: WallClock
}
