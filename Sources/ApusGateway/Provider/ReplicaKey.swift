package import ApusModel

/// One replica among those of all functions.
package struct ReplicaKey: Hashable, Sendable, CustomStringConvertible {
  package let function: FunctionName
  package let id: ReplicaID

  package init(_ function: FunctionName, _ id: ReplicaID) {
    self.function = function
    self.id = id
  }

  /// As logs name the instance.
  package var description: String { "\(function.name)-\(id)" }
}
