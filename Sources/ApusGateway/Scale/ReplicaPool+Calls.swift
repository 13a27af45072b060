package import ApusIO

extension ReplicaPool {
  /// A call comes in: leased at once, parked, or refused.
  package mutating func arrive(_ ticket: CallTicket, deadline: Instant, now: Instant) -> Arrival {
    if let grant = lease(now: now) { return .leased(grant) }
    totals.arrivals += 1
    if let refusal = refusal(deadline: deadline, now: now) {
      refused(refusal, now: now)
      return .refused(refusal)
    }
    totals.parked += 1
    lastCall = now
    line.append(
      WaitingLine.Place(
        ticket: ticket, arrival: now, deadline: deadline, expiry: min(deadline, now + limits.lineTime)))
    let needed = current.policy.leastReplicas(for: demand)
    if needed > size {
      let isAlone = replicas.allSatisfy { $0.phase == .stopping }
      decide(isAlone ? .woken : .lineGrew, size: needed, now: now)
    }
    var actions: [PoolAction] = []
    hastenTrial(&actions)
    converge(now: now, &actions)
    return .parked(actions)
  }

  /// The caller left. False: it does not wait (any more), and if it was delivered its lease has to end.
  package mutating func cancel(_ ticket: CallTicket, now: Instant) -> Bool {
    guard line.remove(ticket) else { return false }
    // What was started for it comes up and sleeps when its time comes: the next call may be near.
    lastCall = now
    return true
  }

  private func refusal(deadline: Instant, now: Instant) -> Refusal? {
    switch mode {
    case .removed: return .removed
    case .closing: return .closing
    case .open: break
    }
    if deadline <= now { return .deadline }
    if line.count >= limits.lineLength {
      return .lineFull(length: limits.lineLength, retryAfter: limits.lineRetryAfter)
    }
    // Who would serve it: something on its way, or something that may be started now.
    let track = candidate ?? current
    if let exit = track.crashes.lastExit, now < track.crashes.notBefore, !isSomethingComing {
      return .crashLoop(exit, retryAfter: track.crashes.notBefore.since(now))
    }
    return nil
  }

  /// Whether a parked call can hope: a replica is ready (but full), starts, or could be taken back from draining.
  var isSomethingComing: Bool {
    replicas.contains { replica in
      switch replica.phase {
      case .starting: !isOld(replica)
      case .ready: true
      case .draining: replica.generation == current.generation
      case .stopping: false
      }
    }
  }

  mutating func refuseAll(_ refusal: Refusal, now: Instant, _ actions: inout [PoolAction]) {
    while let place = line.popFirst() {
      refused(refusal, now: now)
      actions.append(.refuse(place.ticket, refusal))
      lastCall = now
    }
  }

  /// In order of arrival, as long as there is room.
  mutating func deliver(now: Instant, _ actions: inout [PoolAction]) {
    refuseExpired(now: now, &actions)
    while !line.isEmpty, let slot = freestSlot(), let place = line.popFirst() {
      actions.append(.deliver(place.ticket, grant(slot, now: now), waited: now.since(place.arrival)))
    }
  }

  private mutating func refuseExpired(now: Instant, _ actions: inout [PoolAction]) {
    for place in line.popExpired(at: now) {
      let refusal =
        place.deadline <= now
        ? Refusal.deadline : .waitedTooLong(limit: limits.lineTime, retryAfter: limits.lineRetryAfter)
      refused(refusal, now: now)
      actions.append(.refuse(place.ticket, refusal))
      lastCall = now
    }
  }
}
