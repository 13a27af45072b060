package import ApusIO
package import ApusModel

/// The machine that holds one function's replicas and its waiting calls. It decides; the shell around it acts.
///
/// Time is a parameter and every input answers with actions, so that whatever can happen can be played in a test. The
/// shell keeps it in a mutex, performs the actions after unlocking, and calls `wake` at `nextWake`.
///
/// Two promises hold after each input: a call waits only while no ready replica has room and some replica is there or
/// on its way, and `size` replicas are there or on their way unless starts fail.
package struct ReplicaPool: ~Copyable, Sendable {
  enum Mode: Sendable {
    case open, removed, closing
  }

  let limits: PoolLimits
  var mode = Mode.open
  /// The generation that serves.
  var current: GenerationTrack
  /// A newer one that was never ready yet.
  var candidate: GenerationTrack?
  package internal(set) var rollout = Rollout.settled

  /// In order of their start, so that the first among equals is the oldest.
  var replicas: [PooledReplica] = []
  /// Replicas wanted of the current generation. Calls raise it; the autoscaler, people and failures lower it.
  package internal(set) var size = 0
  /// Leases out, of all replicas.
  var running = 0
  var line = WaitingLine()
  var lastCall: Instant?
  /// Nil if nobody deployed it lately, or somebody called since.
  var trial: Trial?

  var autoscaler = Autoscaler()
  var rate = CallRate()
  var callsPerSecond = 0.0
  var milliCPU = 0.0
  var nextTick: Instant
  var lastID: UInt64 = 0

  package internal(set) var totals = PoolTotals()
  var log = DecisionLog()

  /// A function asleep. `isProven`: this generation was ready before, say, the gateway was restarted. `shown`: its
  /// number in decisions, if that is another one.
  package init(
    generation: Int, shown: Int? = nil, policy: ScalePolicy, limits: PoolLimits = PoolLimits(),
    isProven: Bool = false, now: Instant
  ) {
    self.limits = limits
    current = GenerationTrack(
      generation: generation, shown: shown ?? generation, policy: policy, isProven: isProven)
    nextTick = now
  }

  // MARK: The warm path: no allocation, no action

  /// A place on the least busy ready replica, or nil: then `arrive` says what happens.
  package mutating func lease(now: Instant) -> LeaseGrant? {
    guard mode == .open, let slot = freestSlot() else { return nil }
    totals.arrivals += 1
    return grant(slot, now: now)
  }

  /// Gives a place back; for a replica that died meanwhile it is nothing. `wasAnswered`: the replica did its part.
  package mutating func end(_ grant: LeaseGrant, wasAnswered: Bool = true, now: Instant) -> [PoolAction] {
    guard let slot = slot(of: grant), replicas[slot].inFlight > 0 else { return [] }
    if wasAnswered, !replicas[slot].hasAnswered { answeredFirst(slot) }
    replicas[slot].inFlight -= 1
    running -= 1
    lastCall = now
    if line.isEmpty, replicas[slot].phase == .ready { return [] }
    return converged(now: now)
  }

  mutating func grant(_ slot: Int, now: Instant) -> LeaseGrant {
    replicas[slot].inFlight += 1
    replicas[slot].hasHadCalls = true
    running += 1
    lastCall = now
    return LeaseGrant(replica: replicas[slot].id, slot: Int32(truncatingIfNeeded: slot))
  }

  /// Least in flight, oldest among equals; one of an older generation only when the current one is full.
  func freestSlot() -> Int? {
    var best: Int?
    var bestRank = Int64.max
    for slot in replicas.indices {
      let (phase, inFlight) = (replicas[slot].phase, replicas[slot].inFlight)
      guard phase == .ready, inFlight < replicas[slot].limit else { continue }
      let rank = Int64(inFlight) + (replicas[slot].generation == current.generation ? 0 : 1 << 32)
      if rank < bestRank { (best, bestRank) = (slot, rank) }
    }
    return best
  }

  private func slot(of grant: LeaseGrant) -> Int? {
    let guess = Int(grant.slot)
    if guess < replicas.count, replicas[guess].id == grant.replica { return guess }
    return slot(of: grant.replica)
  }

  func slot(of id: ReplicaID) -> Int? { replicas.firstIndex { $0.id == id } }
}
