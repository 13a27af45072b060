import ApusGateway
import ApusIO
import ApusModel
import Instruments

/// A shell of paper that does whatever a machine might do to a pool, and keeps its own books to compare.
struct RandomWalk: ~Copyable {
  enum Body { case atGate, launching, up, stopping }

  struct Copy {
    var generation: Int
    var body: Body
    var calls = 0
  }

  var random: SeededRandom
  var pool: ReplicaPool
  var gate: StartGate<ReplicaID>
  var policies: [Int: ScalePolicy]
  var generation = 1
  var now = Instant.at(0)
  var copies: [ReplicaID: Copy] = [:]
  /// In order of arrival.
  var parked: [CallTicket] = []
  var leases: [LeaseGrant] = []
  var ended: Set<CallTicket> = []
  var lastTicket: UInt64 = 0
  var events = 0
  private var pending: [PoolAction] = []
  private var isPerforming = false
  /// How likely a start fails, in per cent; it changes as in life.
  var failing = 0
  /// The first promise that was broken.
  private(set) var violation: String?

  static let limits: PoolLimits = {
    var limits = PoolLimits()
    limits.lineLength = 5
    return limits
  }()

  init(seed: UInt64) {
    random = SeededRandom(seed)
    let policy = Self.policy(&random)
    policies = [1: policy]
    pool = ReplicaPool(generation: 1, policy: policy, limits: Self.limits, now: now)
    gate = StartGate(limit: 3)
  }

  static func policy(_ random: inout SeededRandom) -> ScalePolicy {
    ScalePolicy(
      min: [0, 0, 0, 2].randomElement(using: &random) ?? 0, max: Int.random(in: 1...8, using: &random),
      zeroDuration: .seconds([1, 5, 30].randomElement(using: &random) ?? 30),
      type: ScaleType.allCases.randomElement(using: &random) ?? .capacity,
      downWindow: .seconds([0, 5, 60].randomElement(using: &random) ?? 60),
      maxInflight: [nil, 1, 2, 5].randomElement(using: &random) ?? nil)
  }

  mutating func broken(_ what: String, unless isKept: Bool) {
    if !isKept, violation == nil { violation = "event \(events): \(what)" }
  }

  mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }

  // MARK: Performing

  /// In the order in which they were decided: what an action sets off in turn comes after all that was decided before.
  mutating func perform(_ actions: [PoolAction]) {
    pending += actions
    guard !isPerforming else { return }
    isPerforming = true
    defer { isPerforming = false }
    while !pending.isEmpty {
      let action = pending.removeFirst()
      switch action {
      case .start(let id, let generation, let isFirst): start(id, generation, isFirst)
      case .hasten(let id):
        broken("\(id) is hastened, but is not there", unless: copies[id] != nil)
        gate.hasten(id)
      case .terminate(let id):
        broken("\(id) is told to stop, but is not there", unless: copies[id] != nil)
        copies[id]?.body = .stopping
        if gate.withdraw(id) { exit(id) }
      case .kill(let id):
        copies[id]?.body = .stopping
        exit(id)
      case .deliver(let ticket, let grant, _):
        broken("\(ticket) overtook \(parked.first as Any)", unless: parked.first == ticket)
        leave(ticket)
        hold(grant)
      case .refuse(let ticket, _): leave(ticket)
      case .promoted(let promoted): broken("\(promoted) was promoted", unless: promoted == generation)
      case .rolloutFailed(let failed, _): broken("\(failed) failed", unless: failed == generation)
      }
    }
  }

  private mutating func start(_ id: ReplicaID, _ generation: Int, _ isFirst: Bool) {
    broken("\(id) starts twice", unless: copies[id] == nil)
    copies[id] = Copy(generation: generation, body: .atGate)
    if gate.request(id, isFirst: isFirst) { launch(id) }
  }

  private mutating func launch(_ id: ReplicaID) {
    copies[id]?.body = .launching
    pool.launched(id, now: now)
  }

  mutating func exit(_ id: ReplicaID) {
    guard copies.removeValue(forKey: id) != nil else { return }
    leaveGate(id)
    perform(pool.exited(id, ReplicaExit(cause: "exit status 1"), now: now))
  }

  mutating func leaveGate(_ id: ReplicaID) {
    if let next = gate.finished(id) { launch(next) }
  }

  private mutating func leave(_ ticket: CallTicket) {
    broken("\(ticket) ended twice", unless: ended.insert(ticket).inserted)
    guard let index = parked.firstIndex(of: ticket) else { return broken("\(ticket) did not wait", unless: false) }
    parked.remove(at: index)
  }

  private mutating func hold(_ grant: LeaseGrant) {
    leases.append(grant)
    guard let copy = copies[grant.replica] else { return broken("a lease on nothing", unless: false) }
    copies[grant.replica]?.calls += 1
    broken("a lease on a replica that is \(copy.body)", unless: copy.body == .up)
    let limit = policies[copy.generation]?.maxInflight ?? .max
    broken("\(copy.calls + 1) calls on one replica of \(limit)", unless: copy.calls < limit)
  }

  // MARK: What may happen

  mutating func arrive(fast: Bool) {
    if fast {
      if let grant = pool.lease(now: now) { hold(grant) }
      return
    }
    lastTicket += 1
    let ticket = CallTicket(lastTicket)
    let choices: [Double] = [0, 0.5, 5, 60, 60]
    let seconds = choices.randomElement(using: &random) ?? 60
    switch pool.arrive(ticket, deadline: now + .seconds(seconds), now: now) {
    case .leased(let grant):
      ended.insert(ticket)
      hold(grant)
    case .refused: ended.insert(ticket)
    case .parked(let actions):
      parked.append(ticket)
      perform(actions)
    }
  }

  mutating func endLease() {
    guard !leases.isEmpty else { return }
    let grant = leases.remove(at: Int.random(in: leases.indices, using: &random))
    copies[grant.replica]?.calls -= 1
    perform(pool.end(grant, now: now))
  }

  mutating func cancel() {
    guard let ticket = parked.randomElement(using: &random) else { return }
    broken("\(ticket) could not leave", unless: pool.cancel(ticket, now: now))
    leave(ticket)
    broken("\(ticket) left twice", unless: !pool.cancel(ticket, now: now))
  }

  /// One step in the life of one replica. In order, so that a seed plays the same walk on every run.
  mutating func live() {
    guard let id = copies.keys.sorted().randomElement(using: &random), let copy = copies[id] else { return }
    switch copy.body {
    case .atGate: break
    case .launching where chance(failing): exit(id)
    case .launching:
      copies[id]?.body = .up
      leaveGate(id)
      perform(pool.ready(id, now: now))
    case .up: if chance(3) { exit(id) }
    case .stopping: exit(id)
    }
  }

  /// To the new time with all stops on the way that the pool asked for.
  mutating func pass(_ duration: Duration) {
    let end = now + duration
    while pool.nextWake <= end, violation == nil {
      now = max(now, pool.nextWake)
      perform(pool.wake(now: now))
      broken("it asks to be woken at once, again", unless: pool.nextWake > now)
    }
    now = end
  }

  mutating func deploy() {
    generation += 1
    let policy = Self.policy(&random)
    policies[generation] = policy
    perform(pool.deploy(generation: generation, policy: policy, now: now))
  }

  /// What a shell may get wrong or say late.
  mutating func stray() {
    let id = ReplicaID(UInt64.random(in: 1...40, using: &random))
    if copies[id] == nil {
      perform(pool.ready(id, now: now))
      perform(pool.exited(id, ReplicaExit(cause: "late"), now: now))
      perform(pool.end(LeaseGrant(replica: id), now: now))
      pool.launched(id, now: now)
    } else if copies[id]?.body == .up {
      perform(pool.ready(id, now: now))
    }
    perform(pool.wake(now: now))
  }
}
