import ApusIO
package import ApusModel

extension ReplicaPool {
  package var generation: Int { current.generation }
  package var policy: ScalePolicy { current.policy }

  package var demand: Demand {
    Demand(
      waiting: line.count, running: running, callsPerSecond: callsPerSecond, milliCPU: milliCPU, lastCall: lastCall)
  }

  package var counts: PoolCounts {
    var counts = PoolCounts(waiting: line.count, running: running)
    for replica in replicas {
      switch replica.phase {
      case .starting: counts.starting += 1
      case .ready: counts.ready += 1
      case .draining: counts.draining += 1
      case .stopping: counts.stopping += 1
      }
    }
    return counts
  }

  /// Nothing is left of it; after `remove` or `close` the shell may drop it.
  package var isGone: Bool { mode != .open && replicas.isEmpty && line.isEmpty }

  /// Why the version that was deployed last does not start; nil if it does, as far as is known, or another one serves.
  package var trouble: ReplicaExit? {
    let crashes = (candidate ?? current).crashes
    let isServed = replicas.contains { $0.phase == .ready }
    return isServed || !crashes.isFailing ? nil : crashes.lastExit
  }

  package var state: PoolState {
    if replicas.contains(where: { $0.phase == .ready }) { return .ready }
    let isStarting = replicas.contains { $0.phase == .starting }
    let crashes = (candidate ?? current).crashes
    // Between two attempts that both fail it is no healthier than after them.
    if crashes.isFailing, !isStarting || crashes.isLooping(limits) { return .failing }
    if isStarting { return .starting }
    if case .failed = rollout { return .failing }
    return .asleep
  }

  /// The last decisions, oldest first.
  package var decisions: [Decision] { log.all }

  func count(of generation: Int, _ phases: PooledReplica.Phase...) -> Int {
    replicas.count { $0.generation == generation && phases.contains($0.phase) }
  }

  func isOld(_ replica: PooledReplica) -> Bool {
    replica.generation != current.generation && replica.generation != candidate?.generation
  }

  mutating func decide(_ cause: Decision.Cause, size newSize: Int? = nil, now: Instant) {
    let from = size
    size = newSize ?? size
    log.record(Decision(cause, at: now, from: from, to: size, counts: counts))
  }

  mutating func refused(_ refusal: Refusal, now: Instant) {
    totals.count(refusal.reason)
    decide(.refused(refusal.reason), now: now)
  }
}
