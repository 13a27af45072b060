package import ApusIO

extension ReplicaPool {
  /// The gate let the start through and the process exists: from now on the start timeout runs.
  package mutating func launched(_ id: ReplicaID, now: Instant) {
    guard let slot = slot(of: id), replicas[slot].phase == .starting else { return }
    replicas[slot].deadline = now + limits.startTimeout
  }

  /// It accepts calls.
  package mutating func ready(_ id: ReplicaID, now: Instant) -> [PoolAction] {
    // It may have been told to stop in the meantime, or be on its way out for being late.
    guard let slot = slot(of: id), replicas[slot].phase == .starting, !replicas[slot].isOverdue else { return [] }
    var actions: [PoolAction] = []
    let generation = replicas[slot].generation
    replicas[slot].phase = .ready
    replicas[slot].readySince = now
    replicas[slot].deadline = .never
    // Idle time begins with the last call or with the replica, whichever is later.
    lastCall = now
    if let next = candidate, generation == next.generation {
      current = next
      candidate = nil
      rollout = .settled
      decide(.promoted(generation: next.shown), size: next.policy.bounded(size), now: now)
      actions.append(.promoted(generation: generation))
    }
    if generation == current.generation {
      current.isProven = true
      current.crashes.becameReady()
    }
    trialSucceeded(now: now)
    converge(now: now, &actions)
    return actions
  }

  /// It is gone, for whatever reason, or never came to be. Its leases fail by themselves.
  package mutating func exited(_ id: ReplicaID, _ exit: ReplicaExit, now: Instant) -> [PoolAction] {
    guard let slot = slot(of: id) else { return [] }
    let replica = replicas.remove(at: slot)
    running -= Int(replica.inFlight)
    var actions: [PoolAction] = []
    if replica.phase == .starting || replica.phase == .ready {
      failed(replica, exit, now: now, &actions)
      if !triesAgain(after: replica), demand.calls == 0 {
        // Nobody calls: it is replaced only if the policy keeps some.
        let present = replicas.count { $0.phase == .starting || $0.phase == .ready }
        size = min(size, max(current.policy.floor, present))
      }
    }
    converge(now: now, &actions)
    return actions
  }

  private mutating func failed(
    _ replica: PooledReplica, _ given: ReplicaExit, now: Instant, _ actions: inout [PoolAction]
  ) {
    totals.crashes += 1
    var exit = given
    if replica.isOverdue {
      let lack = exit.lack.map { " (\($0))" } ?? ""
      exit.cause = "not ready within \(limits.startTimeoutText)\(lack), so it was killed"
    }
    let wasReady = replica.phase == .ready
    if wasReady, now.since(replica.readySince) >= limits.healthyAfter {
      if replica.generation == current.generation { current.crashes.wasHealthy(since: replica.readySince) }
      decide(.replicaFailed(replica.id, exit, wasReady: true, failures: 0, retryIn: .zero), now: now)
      return
    }
    if wasReady, replica.hasHadCalls, isForgiven(replica, exit) {
      decide(.replicaFailed(replica.id, exit, wasReady: true, failures: 0, retryIn: .zero), now: now)
      return
    }
    if var next = candidate, replica.generation == next.generation {
      next.crashes.failed(exit, round: replica.round, now: now, limits: limits)
      candidate = next
      note(replica, exit, next.crashes, now: now)
      if next.crashes.isLooping(limits) { giveUp(next, exit, now: now, &actions) }
    } else if replica.generation == current.generation {
      current.crashes.failed(exit, round: replica.round, now: now, limits: limits)
      note(replica, exit, current.crashes, now: now)
    }
  }

  mutating func answeredFirst(_ slot: Int) {
    replicas[slot].hasAnswered = true
    if replicas[slot].generation == current.generation { current.crashes.answered() }
  }

  /// Whether what a call did to its replica is no reason to keep other calls waiting.
  private mutating func isForgiven(_ replica: PooledReplica, _ exit: ReplicaExit) -> Bool {
    guard replica.generation == current.generation else { return true }
    if replica.hasAnswered || replicas.contains(where: { $0.hasAnswered && $0.generation == current.generation }) {
      return true
    }
    return exit.isOutOfMemory || !current.crashes.diedUnderCalls(limits)
  }

  private mutating func note(_ replica: PooledReplica, _ exit: ReplicaExit, _ crashes: CrashLoop, now: Instant) {
    let cause = Decision.Cause.replicaFailed(
      replica.id, exit, wasReady: replica.phase == .ready, failures: crashes.failures,
      retryIn: crashes.notBefore.since(now))
    decide(cause, now: now)
  }

  /// The newest generation does not start: the one that worked goes on, and is started again if it slept.
  private mutating func giveUp(
    _ next: GenerationTrack, _ exit: ReplicaExit, now: Instant, _ actions: inout [PoolAction]
  ) {
    candidate = nil
    rollout = .failed(generation: next.generation, exit)
    decide(.rolloutFailed(generation: next.shown, exit), now: now)
    actions.append(.rolloutFailed(generation: next.generation, exit))
  }
}
