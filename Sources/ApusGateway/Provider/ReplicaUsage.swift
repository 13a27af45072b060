/// What replicas use of the machine.
package struct ReplicaUsage: Hashable, Sendable {
  /// Thousandths of a processor, lately.
  package var milliCPU: Double
  /// In bytes.
  package var memory: Int

  package init(milliCPU: Double = 0, memory: Int = 0) {
    self.milliCPU = milliCPU
    self.memory = memory
  }

  package static func += (sum: inout ReplicaUsage, other: ReplicaUsage) {
    sum.milliCPU += other.milliCPU
    sum.memory += other.memory
  }
}
