package import ApusIO
import ApusModel

extension ReplicaPool {
  /// Processor use of all replicas, for policies of type `cpu`; heeded at the next tick.
  package mutating func sampled(milliCPU: Double) {
    self.milliCPU = milliCPU
  }

  /// When `wake` has something to do; `never` for a function that sleeps. It moves with every input but lease and end.
  package var nextWake: Instant {
    var next = line.nextExpiry
    for replica in replicas { next = min(next, replica.deadline) }
    guard mode == .open else { return next }
    let isAwake = size > 0 || current.policy.floor > 0 || replicas.contains { $0.phase != .stopping }
    if isAwake { next = min(next, nextTick) }
    return next
  }

  /// Does what time alone asks for: expiries, deadlines of replicas, the autoscaler's tick, starts after a back-off.
  package mutating func wake(now: Instant) -> [PoolAction] {
    var actions: [PoolAction] = []
    for slot in replicas.indices where replicas[slot].deadline <= now { overdue(slot, now: now, &actions) }
    if mode == .open, nextTick <= now { tick(now: now) }
    converge(now: now, &actions)
    return actions
  }

  private mutating func overdue(_ slot: Int, now: Instant, _ actions: inout [PoolAction]) {
    let replica = replicas[slot]
    replicas[slot].deadline = .never
    switch replica.phase {
    case .ready: break
    case .starting:
      replicas[slot].isOverdue = true
      actions.append(.kill(replica.id))
    case .draining:
      if replica.inFlight > 0 { decide(.cutShort(replica.id, calls: Int(replica.inFlight)), now: now) }
      stop(slot, now: now, &actions)
    case .stopping:
      actions.append(.kill(replica.id))
    }
  }

  private mutating func tick(now: Instant) {
    callsPerSecond = rate.read(totals.arrivals, at: now)
    for replica in replicas where replica.generation == current.generation && replica.phase == .ready {
      guard now.since(replica.readySince) >= limits.healthyAfter else { continue }
      current.crashes.wasHealthy(since: replica.readySince)
    }
    let policy = current.policy
    // However short the zero duration: a start that nobody waits for is not given up.
    guard !isQuietTrial else { return nextTick = now + limits.tickInterval }
    // What sleeps is woken by a call, not by the memory of one.
    guard size > 0 || policy.floor > 0 || demand.calls > 0 else { return nextTick = now + limits.tickInterval }
    let desired = autoscaler.desired(demand: demand, policy: policy, now: now)
    if desired == 0, size > 0 {
      decide(.idle(policy.zeroDuration), size: 0, now: now)
      lastCall = nil
      rate = CallRate()
      milliCPU = 0
    } else if desired != size {
      let wanted = policy.replicas(for: demand)
      decide(.demandChanged(load: policy.load(of: demand), wanted: wanted), size: desired, now: now)
    }
    let asleep = policy.floor == 0 ? lastCall.map { $0 + policy.zeroDuration } ?? .never : .never
    nextTick = min(now + limits.tickInterval, demand.calls == 0 && asleep > now ? asleep : .never)
  }
}
