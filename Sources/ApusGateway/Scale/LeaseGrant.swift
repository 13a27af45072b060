/// What the pool hands out for one call: which replica, and where the pool will look for it first.
package struct LeaseGrant: Hashable, Sendable {
  package let replica: ReplicaID
  /// A guess that saves the search: replicas move when others go.
  let slot: Int32

  package init(replica: ReplicaID, slot: Int32 = 0) {
    self.replica = replica
    self.slot = slot
  }
}
