/// The right to send one call to one replica; it ends exactly once.
///
/// The compiler sees to "at most once" (it can't be copied), `deinit` to "at least once": a call that leaves by a
/// thrown error or a cancelled task gives its place back all the same, and counts as `dropped`.
package struct Lease: ~Copyable, Sendable {
  package let grant: LeaseGrant
  private let holder: any LeaseHolder
  private var outcome = LeaseOutcome.dropped

  package init(_ grant: LeaseGrant, of holder: any LeaseHolder) {
    self.grant = grant
    self.holder = holder
  }

  package consuming func end(_ outcome: LeaseOutcome) {
    // Being consumed, self ends here, and its deinit tells the holder.
    self.outcome = outcome
  }

  deinit {
    holder.leaseEnded(grant, outcome)
  }
}
