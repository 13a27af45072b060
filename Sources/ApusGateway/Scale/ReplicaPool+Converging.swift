import ApusIO
import ApusModel

/// From what is to what is wanted. Run after every input that is not on the warm path; running it twice changes
/// nothing.
extension ReplicaPool {
  mutating func converged(now: Instant) -> [PoolAction] {
    var actions: [PoolAction] = []
    converge(now: now, &actions)
    return actions
  }

  mutating func converge(now: Instant, _ actions: inout [PoolAction]) {
    if mode == .open {
      takeBack()
      deliver(now: now, &actions)
      startCandidate(now: now, &actions)
      grow(now: now, &actions)
      shrink(now: now, &actions)
      retireOld(now: now, &actions)
      failHopeless(now: now, &actions)
    }
    for slot in replicas.indices where replicas[slot].phase == .draining && replicas[slot].inFlight == 0 {
      stop(slot, now: now, &actions)
    }
  }

  private var missing: Int { size - count(of: current.generation, .starting, .ready) }

  /// A draining replica is a running process: taking it back costs nothing.
  private mutating func takeBack() {
    var missing = missing
    for slot in replicas.indices where missing > 0 {
      guard replicas[slot].phase == .draining, replicas[slot].generation == current.generation else { continue }
      replicas[slot].phase = .ready
      replicas[slot].deadline = .never
      missing -= 1
    }
  }

  /// One replica of the new generation, until it has shown that it starts.
  private mutating func startCandidate(now: Instant, _ actions: inout [PoolAction]) {
    guard let next = candidate, size > 0, now >= next.crashes.notBefore,
      count(of: next.generation, .starting, .ready) == 0
    else { return }
    start(next, now: now, &actions)
  }

  private mutating func grow(now: Instant, _ actions: inout [PoolAction]) {
    // While the current generation sleeps, a newer one takes the demand.
    guard candidate == nil || count(of: current.generation, .starting, .ready) > 0 else { return }
    let crashes = current.crashes
    guard now >= crashes.notBefore else { return }
    var allowed = missing
    // After failures one at a time shows whether it got better.
    if crashes.isLooping(limits) { allowed = min(allowed, 1 - count(of: current.generation, .starting)) }
    while allowed > 0 {
      start(current, now: now, &actions)
      allowed -= 1
    }
  }

  private mutating func start(_ track: GenerationTrack, now: Instant, _ actions: inout [PoolAction]) {
    let isFirst = replicas.allSatisfy { $0.phase == .stopping }
    lastID += 1
    let limit = track.policy.maxInflight.map { Int32(clamping: max(1, $0)) } ?? .max
    let id = ReplicaID(lastID)
    replicas.append(PooledReplica(id: id, generation: track.generation, round: track.crashes.failures, limit: limit))
    totals.starts += 1
    if isFirst { totals.coldStarts += 1 }
    // A function that slept has an old tick behind it; the next is due in a while, not now.
    if nextTick < now { nextTick = now + limits.tickInterval }
    // Nobody waits for a trial: a function whose callers wait goes before it.
    actions.append(.start(id, generation: track.generation, isFirst: isFirst && !isQuietTrial))
  }

  /// What starts goes first, then the least busy, then the newest. Nothing goes while a call waits.
  private mutating func shrink(now: Instant, _ actions: inout [PoolAction]) {
    guard line.isEmpty else { return }
    while missing < 0 {
      var chosen: Int?
      for slot in replicas.indices {
        let replica = replicas[slot]
        guard replica.generation == current.generation, replica.phase == .starting || replica.phase == .ready
        else { continue }
        if let best = chosen, shrinkRank(best) < shrinkRank(slot) { continue }
        chosen = slot
      }
      guard let slot = chosen else { return }
      release(slot, now: now, &actions)
    }
  }

  private func shrinkRank(_ slot: Int) -> Int32 { replicas[slot].phase == .starting ? -1 : replicas[slot].inFlight }

  /// Replicas of generations before the current one serve only as long as it has too few of its own.
  private mutating func retireOld(now: Instant, _ actions: inout [PoolAction]) {
    let needed = size == 0 ? 0 : min(size, max(1, current.policy.leastReplicas(for: demand)))
    var kept = needed - count(of: current.generation, .ready)
    for slot in replicas.indices where isOld(replicas[slot]) {
      switch replicas[slot].phase {
      case .ready where kept > 0: kept -= 1
      case .starting, .ready: release(slot, now: now, &actions)
      case .draining, .stopping: break
      }
    }
  }

  /// Calls wait, nobody comes, and no start is allowed: they hear why now instead of waiting for nothing.
  private mutating func failHopeless(now: Instant, _ actions: inout [PoolAction]) {
    guard !line.isEmpty, !isSomethingComing else { return }
    let exit = (candidate ?? current).crashes.lastExit ?? ReplicaExit(cause: "no replica could be started")
    refuseAll(.startFailed(exit), now: now, &actions)
    size = current.policy.floor
  }

  /// Unroutes a replica: one that starts stops, one that serves drains.
  private mutating func release(_ slot: Int, now: Instant, _ actions: inout [PoolAction]) {
    if replicas[slot].phase == .starting {
      stop(slot, now: now, &actions)
    } else {
      replicas[slot].phase = .draining
      replicas[slot].deadline = now + limits.drainTime
    }
  }

  mutating func stop(_ slot: Int, now: Instant, _ actions: inout [PoolAction]) {
    replicas[slot].phase = .stopping
    replicas[slot].deadline = now + limits.stopTime
    // One that was late to start is killed already.
    if !replicas[slot].isOverdue { actions.append(.terminate(replicas[slot].id)) }
  }
}
