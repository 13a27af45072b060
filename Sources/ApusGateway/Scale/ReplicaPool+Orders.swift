package import ApusIO
package import ApusModel

/// What people and the rest of the gateway tell a pool to do.
extension ReplicaPool {
  /// A new generation: started beside the one that serves, which goes on until the new one is ready.
  ///
  /// If the function sleeps, the next call starts it. A generation that was never ready is simply replaced.
  package mutating func deploy(
    generation: Int, shown: Int? = nil, policy: ScalePolicy, now: Instant
  ) -> [PoolAction] {
    guard mode == .open else { return [] }
    let next = GenerationTrack(
      generation: generation, shown: shown ?? generation, policy: policy, isProven: false)
    decide(.deployed(generation: next.shown), now: now)
    if !current.isProven {
      current = next
      candidate = nil
      rollout = .settled
      size = min(size, policy.ceiling)
    } else {
      candidate = next
      rollout = .progressing(generation: generation)
    }
    nextTick = min(nextTick, now)
    return converged(now: now)
  }

  /// The count that somebody asked for, at once; the autoscaler goes on from there.
  ///
  /// Zero drains what runs and sleeps, unless calls wait. The policy's floor comes back with the next tick.
  package mutating func scale(to count: Int, now: Instant) -> [PoolAction] {
    guard mode == .open else { return [] }
    let asked = min(max(count, line.isEmpty ? 0 : 1), current.policy.ceiling)
    decide(.askedFor(count), size: asked, now: now)
    trial = nil
    autoscaler.restart(at: asked, policy: current.policy, now: now)
    // Idle time begins anew: what was asked for is not taken away in the same second.
    lastCall = asked > 0 ? now : nil
    nextTick = now + limits.tickInterval
    current.crashes.retryNow()
    candidate?.crashes.retryNow()
    return converged(now: now)
  }

  /// The autoscaler's answer, or a test's: within the bounds of the policy.
  package mutating func resize(to desired: Int, now: Instant) -> [PoolAction] {
    guard mode == .open else { return [] }
    size = max(current.policy.bounded(desired), line.isEmpty ? 0 : 1)
    trial = nil
    return converged(now: now)
  }

  /// The function is deleted: refuses what waits and what comes, lets running calls end within the drain time.
  package mutating func remove(now: Instant) -> [PoolAction] {
    shut(.removed, by: now + limits.drainTime, now: now)
  }

  /// The gateway stops: the same, by a given time.
  package mutating func close(by deadline: Instant, now: Instant) -> [PoolAction] {
    shut(.closing, by: deadline, now: now)
  }

  private mutating func shut(_ newMode: Mode, by deadline: Instant, now: Instant) -> [PoolAction] {
    if mode == .open { decide(newMode == .removed ? .removed : .closing, size: 0, now: now) }
    mode = newMode
    candidate = nil
    var actions: [PoolAction] = []
    refuseAll(newMode == .removed ? .removed : .closing, now: now, &actions)
    for slot in replicas.indices {
      switch replicas[slot].phase {
      case .starting: stop(slot, now: now, &actions)
      case .ready, .draining:
        replicas[slot].phase = .draining
        replicas[slot].deadline = min(replicas[slot].deadline, deadline)
      case .stopping: break
      }
    }
    converge(now: now, &actions)
    return actions
  }
}
