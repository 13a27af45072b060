/// One replica of one function, never used again: the pool counts them from 1.
package struct ReplicaID: Hashable, Comparable, Sendable, CustomStringConvertible {
  package let number: UInt64

  package init(_ number: UInt64) {
    self.number = number
  }

  package static func < (left: ReplicaID, right: ReplicaID) -> Bool { left.number < right.number }

  package var description: String { "\(number)" }
}
