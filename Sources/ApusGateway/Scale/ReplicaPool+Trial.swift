package import ApusIO

/// Trials: what was deployed starts once without a call, so that whoever deployed it learns whether it does.
extension ReplicaPool {
  struct Trial: Sendable {
    /// Calls before it: more of them, and somebody needs the function.
    let arrivals: UInt64
    /// It is known whether the function starts.
    var isOver = false
    /// Others need the room: it sleeps as soon as it is known.
    var isHurried = false
    /// A call waits for it, so that it goes before other functions' trials.
    var isAwaited = false
  }

  /// Starts one replica if the function sleeps; afterwards it sleeps again when its time comes. A second attempt is
  /// made if the first fails, and no third.
  package mutating func tryOut(now: Instant) -> [PoolAction] {
    guard mode == .open, size == 0 else { return [] }
    trial = Trial(arrivals: totals.arrivals)
    lastCall = now
    decide(.triedOut(generation: (candidate ?? current).shown), size: current.policy.bounded(1), now: now)
    return converged(now: now)
  }

  /// Others were deployed since: unless somebody has called meanwhile, it sleeps now, or as soon as it was tried.
  package mutating func endTrial(now: Instant) -> [PoolAction] {
    guard mode == .open, let trial else { return [] }
    guard trial.isOver else {
      self.trial?.isHurried = true
      return []
    }
    return sleepAfterTrial(trial, now: now) ? converged(now: now) : []
  }

  /// It is under way, and nobody calls: no start of it is urgent, and no tick puts it to sleep.
  var isQuietTrial: Bool { trial.map { !$0.isOver } == true && demand.calls == 0 }

  /// A replica of the generation that is tried has become ready.
  mutating func trialSucceeded(now: Instant) {
    guard var trial, !trial.isOver else { return }
    trial.isOver = true
    self.trial = trial
    if trial.isHurried { _ = sleepAfterTrial(trial, now: now) }
  }

  /// Whether another attempt follows the failed start of `replica`.
  mutating func triesAgain(after replica: PooledReplica) -> Bool {
    guard let trial, !trial.isOver else { return false }
    let newest = candidate ?? current
    if newest.generation == replica.generation, !newest.crashes.isLooping(limits) { return true }
    self.trial = nil
    return false
  }

  private mutating func sleepAfterTrial(_ trial: Trial, now: Instant) -> Bool {
    self.trial = nil
    guard totals.arrivals == trial.arrivals, demand.calls == 0, current.policy.floor == 0, size > 0 else {
      return false
    }
    decide(.trialOver, size: 0, now: now)
    lastCall = nil
    return true
  }

  /// A call waits behind a trial that has not begun: it goes before those that nobody waits for.
  mutating func hastenTrial(_ actions: inout [PoolAction]) {
    guard let trial, !trial.isOver, !trial.isAwaited else { return }
    self.trial?.isAwaited = true
    for replica in replicas where replica.phase == .starting && replica.deadline == .never {
      actions.append(.hasten(replica.id))
    }
  }
}
