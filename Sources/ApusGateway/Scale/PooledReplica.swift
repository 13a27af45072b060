import ApusIO

/// What a pool knows of one replica. Phases only go forward, but for draining, which can be taken back.
struct PooledReplica: Sendable {
  enum Phase: UInt8, Sendable {
    case starting, ready, draining, stopping
  }

  let id: ReplicaID
  let generation: Int
  /// Failures in a row before it was started: those of one batch count once.
  let round: Int
  /// Calls at once.
  let limit: Int32
  var inFlight: Int32 = 0
  var phase = Phase.starting
  /// It was killed for being late, whatever its exit status says.
  var isOverdue = false
  /// While starting: to be ready. While draining: to be empty. While stopping: to be gone. Else never.
  var deadline = Instant.never
  /// A call was sent to it.
  var hasHadCalls = false
  /// A call of it has ended while it lived.
  var hasAnswered = false
  /// Since when it is ready.
  var readySince = Instant.never
}
