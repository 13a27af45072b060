import ApusGateway
import ApusIO
import ApusModel

/// A pool with a shell of paper around it: actions become lists, time is a number.
struct PlayedPool: ~Copyable {
  var pool: ReplicaPool
  var now = 0.0
  /// All actions since they were last taken.
  var actions: [PoolAction] = []
  private var lastTicket: UInt64 = 0

  init(_ policy: ScalePolicy = ScalePolicy(), limits: PoolLimits = PoolLimits(), isProven: Bool = false) {
    pool = ReplicaPool(generation: 1, policy: policy, limits: limits, isProven: isProven, now: .at(0))
  }

  var instant: Instant { .at(now) }

  mutating func take() -> [PoolAction] {
    defer { actions = [] }
    return actions
  }

  mutating func takeStarts() -> [ReplicaID] { Self.starts(take()) }

  static func starts(_ actions: [PoolAction]) -> [ReplicaID] {
    actions.compactMap { if case .start(let id, _, _) = $0 { id } else { nil } }
  }

  static func refusals(_ actions: [PoolAction]) -> [Refusal] {
    actions.compactMap { if case .refuse(_, let refusal) = $0 { refusal } else { nil } }
  }

  static func delivered(_ actions: [PoolAction]) -> [(ticket: CallTicket, grant: LeaseGrant)] {
    actions.compactMap { if case .deliver(let ticket, let grant, _) = $0 { (ticket, grant) } else { nil } }
  }

  @discardableResult
  mutating func call(within seconds: Double = 60) -> (ticket: CallTicket, arrival: Arrival) {
    lastTicket += 1
    let ticket = CallTicket(lastTicket)
    let arrival = pool.arrive(ticket, deadline: .at(now + seconds), now: instant)
    if case .parked(let more) = arrival { actions += more }
    return (ticket, arrival)
  }

  mutating func lease() -> LeaseGrant? { pool.lease(now: instant) }
  mutating func cancel(_ ticket: CallTicket) -> Bool { pool.cancel(ticket, now: instant) }
  mutating func end(_ grant: LeaseGrant, wasAnswered: Bool = true) {
    actions += pool.end(grant, wasAnswered: wasAnswered, now: instant)
  }
  mutating func ready(_ id: ReplicaID) { actions += pool.ready(id, now: instant) }
  mutating func die(_ id: ReplicaID, _ cause: String = "exit status 1", outOfMemory: Bool = false) {
    var exit = ReplicaExit(cause: cause, lastLines: "boom")
    exit.isOutOfMemory = outOfMemory
    actions += pool.exited(id, exit, now: instant)
  }
  mutating func scale(to count: Int) { actions += pool.scale(to: count, now: instant) }
  mutating func tryOut() { actions += pool.tryOut(now: instant) }
  mutating func endTrial() { actions += pool.endTrial(now: instant) }
  mutating func launch(_ id: ReplicaID) { pool.launched(id, now: instant) }
  mutating func deploy(_ generation: Int, _ policy: ScalePolicy? = nil) {
    actions += pool.deploy(generation: generation, policy: policy ?? pool.policy, now: instant)
  }

  /// Makes all that starts ready, and lets all that was told to stop go; answers what started.
  @discardableResult
  mutating func obey() -> [ReplicaID] {
    var started: [ReplicaID] = []
    while !actions.isEmpty {
      for action in take() {
        switch action {
        case .start(let id, _, _):
          started.append(id)
          ready(id)
        case .terminate(let id), .kill(let id): die(id, "exit status 0")
        default: break
        }
      }
    }
    return started
  }

  /// Lets time pass, waking the pool whenever it asked for it.
  mutating func pass(_ seconds: Double) {
    let end = Instant.at(now + seconds)
    while pool.nextWake <= end {
      let wake = max(pool.nextWake, instant)
      actions += pool.wake(now: wake)
      // A pool that wants to be woken in the same instant for ever would hang here, and so the shell.
      precondition(pool.nextWake > wake, "the pool asks to be woken at the time at which it was woken")
    }
    now += seconds
  }
}
