/// The shell around a pool, as a lease sees it.
package protocol LeaseHolder: AnyObject, Sendable {
  /// Called once for each lease, from whichever thread ended it.
  func leaseEnded(_ grant: LeaseGrant, _ outcome: LeaseOutcome)
}
