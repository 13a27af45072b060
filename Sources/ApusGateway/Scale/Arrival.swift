/// What becomes of a call at the moment it arrives.
package enum Arrival: Hashable, Sendable {
  case leased(LeaseGrant)
  /// A `deliver` or `refuse` with its ticket will follow (it may be among these), unless the caller leaves.
  case parked([PoolAction])
  case refused(Refusal)
}
