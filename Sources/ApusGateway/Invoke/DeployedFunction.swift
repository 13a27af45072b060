import ApusAccess
import ApusDeployment
package import ApusIO
package import ApusModel
import Synchronization

/// One function as the gateway runs it: the shell around its pool.
///
/// The pool decides under the lock; what it asks for is done after unlocking, from whichever thread asked.
package final class DeployedFunction: LeaseHolder {
  package let name: FunctionName
  let metrics: FunctionMetrics
  private let crew: any PoolCrew
  private let state: Mutex<State>

  /// What the lock guards.
  struct State: ~Copyable {
    var pool: ReplicaPool
    var generations: [Int: Generation]
    /// Where the ready replicas take calls.
    var addresses: [ReplicaID: SocketAddress] = [:]
    var ends = ReplicaEnds()
    var parked: [CallTicket: UnsafeContinuation<ParkedCall.End, Never>] = [:]
    var lastTicket: UInt64 = 0
    /// Decided and not yet done, in order.
    var actions: [PoolAction] = []
    var isPerforming = false

    /// True if nobody performs yet: then the caller must.
    mutating func add(_ more: [PoolAction]) -> Bool {
      actions.append(contentsOf: more)
      defer { isPerforming = true }
      return !isPerforming
    }
  }

  /// A function asleep.
  package init(
    _ generation: Generation, limits: PoolLimits, isProven: Bool, metrics: FunctionMetrics, crew: any PoolCrew
  ) {
    name = generation.name
    self.metrics = metrics
    self.crew = crew
    var limits = limits
    limits.startTimeout = generation.policy.replica.startTimeout
    state = Mutex(
      State(
        pool: ReplicaPool(
          generation: generation.number, shown: generation.stored, policy: generation.policy.scale, limits: limits,
          isProven: isProven, now: .now()),
        generations: [generation.number: generation]))
  }

  // MARK: - Calls

  /// What one call is given: the right to a replica, and where that is.
  package struct Place: ~Copyable {
    package let lease: Lease
    package let address: SocketAddress
    /// How long the call waited for it.
    package let waited: Duration
  }

  /// A place on a replica for one call; waits for one until `deadline`. On the exchange's loop.
  package func place(
    before deadline: Instant, _ caller: any CallerWatch
  ) async throws(PlacingError) -> Place {
    if let (grant, address) = ready() { return Place(lease: Lease(grant, of: self), address: address, waited: .zero) }
    switch await park(until: deadline, caller) {
    case .leased(let grant, let waited):
      let lease = Lease(grant, of: self)
      guard let address = state.withLock({ $0.addresses[grant.replica] }) else {
        // It died on the way from the pool to here; the lease gives its place back.
        return try await place(before: deadline, caller)
      }
      return Place(lease: lease, address: address, waited: waited)
    case .refused(let refusal): throw .refused(refusal)
    case .callerLeft: throw .callerLeft
    }
  }

  /// The warm path: no allocation, one short lock.
  private func ready() -> (LeaseGrant, SocketAddress)? {
    state.withLock { state in
      guard let grant = state.pool.lease(now: .now()) else { return nil }
      if let address = state.addresses[grant.replica] { return (grant, address) }
      _ = state.pool.end(grant, now: .now())
      return nil
    }
  }

  private func park(until deadline: Instant, _ caller: any CallerWatch) async -> ParkedCall.End {
    let ticket = state.withLock { state in
      state.lastTicket += 1
      return CallTicket(state.lastTicket)
    }
    let parked = ParkedCall(ticket, of: self)
    caller.onCallerLeft = parked
    defer { caller.onCallerLeft = nil }
    return await withUnsafeContinuation { continuation in
      var end: ParkedCall.End?
      tell { state in
        switch state.pool.arrive(ticket, deadline: deadline, now: .now()) {
        case .leased(let grant): end = .leased(grant, waited: .zero)
        case .refused(let refusal): end = .refused(refusal)
        case .parked(let actions):
          state.parked[ticket] = continuation
          return actions
        }
        return []
      }
      if let end { continuation.resume(returning: end) }
    }
  }

  func callerLeft(_ ticket: CallTicket) {
    let continuation = state.withLock { state -> UnsafeContinuation<ParkedCall.End, Never>? in
      // Delivered meanwhile: its task finds out by itself that nobody waits.
      guard state.pool.cancel(ticket, now: .now()) else { return nil }
      return state.parked.removeValue(forKey: ticket)
    }
    continuation?.resume(returning: .callerLeft)
  }

  package func leaseEnded(_ grant: LeaseGrant, _ outcome: LeaseOutcome) {
    let mustPerform = state.withLock { state in
      let actions = state.pool.end(grant, wasAnswered: outcome.isAnswered, now: .now())
      // The warm path ends here.
      return !actions.isEmpty && state.add(actions)
    }
    if mustPerform { performAll() }
  }

  // MARK: - What becomes of replicas

  func launched(_ id: ReplicaID) {
    state.withLock { $0.pool.launched(id, now: .now()) }
    crew.rearm(self)
  }

  func ready(_ id: ReplicaID, _ address: SocketAddress) {
    tell { state in
      state.addresses[id] = address
      return state.pool.ready(id, now: .now())
    }
  }

  func exited(_ id: ReplicaID, _ exit: ReplicaExit) {
    var waits: [Wait] = []
    tell { state in
      state.addresses[id] = nil
      waits = state.ends.add(id, exit)
      return state.pool.exited(id, exit, now: .now())
    }
    for wait in waits { wait.end() }
  }

  /// How a replica ended that broke a call off; nil if it did not end in a while, or too long ago. On `loop`.
  func exit(of id: ReplicaID, on loop: Loop) async -> ReplicaExit? {
    let wait = Wait()
    let known = state.withLock { state in state.ends.exit(of: id, or: wait) }
    if let known { return known }
    await wait.untilEnd(by: .now() + GatewayLimits.exitReport, on: loop)
    return state.withLock { state in
      state.ends.forget(wait, of: id)
      return state.ends.exit(of: id)
    }
  }

  // MARK: - What people and time tell it

  /// A new version: it starts beside the one that serves, and takes over when it is ready.
  package func deploy(_ generation: Generation) {
    tell { state in
      state.generations[generation.number] = generation
      return state.pool.deploy(
        generation: generation.number, shown: generation.stored, policy: generation.policy.scale, now: .now())
    }
  }

  package func scale(to count: Int) {
    tell { $0.pool.scale(to: count, now: .now()) }
  }

  package func remove() {
    tell { $0.pool.remove(now: .now()) }
    metrics.forget()
  }

  package func close(by deadline: Instant) {
    tell { $0.pool.close(by: deadline, now: .now()) }
  }

  /// Starts it once because it was deployed.
  package func tryOut() {
    tell { $0.pool.tryOut(now: .now()) }
  }

  /// Others were deployed since.
  package func endTrial() {
    tell { $0.pool.endTrial(now: .now()) }
  }

  func wake() {
    tell { $0.pool.wake(now: .now()) }
    let isMeasured = state.withLock { $0.pool.policy.type == .cpu && $0.pool.counts.ready > 0 }
    if isMeasured { crew.sample(self) }
  }

  func sampled(_ usage: ReplicaUsage) {
    state.withLock { $0.pool.sampled(milliCPU: usage.milliCPU) }
  }

  var nextWake: Instant { state.withLock { $0.pool.nextWake } }

  /// Looks at the pool.
  package func read<Value: Sendable>(_ look: (borrowing ReplicaPool) -> Value) -> Value {
    state.withLock { look($0.pool) }
  }

  /// The version that serves, or that will when it is called.
  package var generation: Generation? {
    state.withLock { $0.generations[$0.pool.generation] }
  }

  /// The version that was asked for last, which may be starting yet, or have failed to.
  package var desired: Generation? {
    state.withLock { state in state.generations.values.max { $0.number < $1.number } }
  }

  /// Gives the pool an input and sees to what it asks for.
  ///
  /// Whoever comes while another thread performs leaves its actions to that one, so that their order holds: no replica
  /// is terminated before it was started.
  private func tell(_ input: (inout State) -> [PoolAction]) {
    let mustPerform = state.withLock { state in
      let actions = input(&state)
      return state.add(actions)
    }
    if mustPerform { performAll() }
  }

  private func performAll() {
    while true {
      let actions = state.withLock { state in
        let actions = state.actions
        state.actions.removeAll()
        state.isPerforming = !actions.isEmpty
        return actions
      }
      if actions.isEmpty { break }
      for action in actions { perform(action) }
    }
    crew.rearm(self)
  }

  private func perform(_ action: PoolAction) {
    switch action {
    case .start(let id, let number, let isFirst):
      guard let generation = state.withLock({ $0.generations[number] }) else { return }
      crew.start(self, id, generation, isFirst: isFirst)
    case .hasten(let id): crew.hasten(self, id)
    case .terminate(let id): crew.terminate(self, id)
    case .kill(let id): crew.kill(self, id)
    case .deliver(let ticket, let grant, let waited): settle(ticket, .leased(grant, waited: waited))
    case .refuse(let ticket, let refusal): settle(ticket, .refused(refusal))
    case .promoted(let number):
      state.withLock { state in state.generations = state.generations.filter { $0.key >= number } }
      crew.promoted(self, generation: number)
    case .rolloutFailed(let number, let exit): crew.rolloutFailed(self, generation: number, exit)
    }
  }

  private func settle(_ ticket: CallTicket, _ end: ParkedCall.End) {
    state.withLock { $0.parked.removeValue(forKey: ticket) }?.resume(returning: end)
  }
}

/// Why a call has no place.
package enum PlacingError: Error, CustomStringConvertible {
  case refused(Refusal)
  case callerLeft

  package var description: String {
    switch self {
    case .refused(let refusal): refusal.message
    case .callerLeft: "the caller left"
    }
  }
}
