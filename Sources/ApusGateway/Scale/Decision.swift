package import ApusIO

/// One decision of a pool with what it was taken from, so that `apus explain` can say why.
package struct Decision: Hashable, Sendable {
  package enum Cause: Hashable, Sendable {
    /// A call came and no replica was there.
    case woken
    /// Calls wait because every replica is full.
    case lineGrew
    /// The formula asked for `wanted`; the size also heeds the down window.
    case demandChanged(load: Double, wanted: Int)
    case idle(Duration)
    case askedFor(Int)
    case deployed(generation: Int)
    /// Started without a call, to see whether it does.
    case triedOut(generation: Int)
    /// Nobody called since, and others that were deployed need the room.
    case trialOver
    case promoted(generation: Int)
    case rolloutFailed(generation: Int, ReplicaExit)
    /// `retryIn` zero: at once.
    case replicaFailed(ReplicaID, ReplicaExit, wasReady: Bool, failures: Int, retryIn: Duration)
    /// A draining replica still had calls at the end of its time.
    case cutShort(ReplicaID, calls: Int)
    case refused(Refusal.Reason)
    case removed
    case closing
  }

  package let cause: Cause
  package let at: Instant
  /// Replicas wanted before and after.
  package let from: Int
  package let to: Int
  /// The inputs.
  package let counts: PoolCounts
  /// The same again, without another decision between, is counted here.
  package internal(set) var times = 1
  package internal(set) var lastAt: Instant

  init(_ cause: Cause, at: Instant, from: Int, to: Int, counts: PoolCounts) {
    self.cause = cause
    self.at = at
    self.from = from
    self.to = to
    self.counts = counts
    lastAt = at
  }
}
