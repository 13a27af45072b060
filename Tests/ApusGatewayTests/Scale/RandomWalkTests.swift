import ApusGateway
import ApusIO
import ApusLauncher
import ApusModel
import Testing

extension RandomWalk {
  mutating func step() {
    events += 1
    switch Int.random(in: 0..<1000, using: &random) {
    case ..<200: arrive(fast: false)
    case ..<300: arrive(fast: true)
    case ..<560: endLease()
    case ..<600: cancel()
    case ..<850: live()
    case ..<930: pass(.milliseconds(Int.random(in: 0...400, using: &random)))
    case ..<945: pass(.seconds(Int.random(in: 0...20, using: &random)))
    case ..<950: pass(.seconds(Int.random(in: 0...400, using: &random)))
    case ..<960: perform(pool.scale(to: Int.random(in: -1...12, using: &random), now: now))
    case ..<965: perform(pool.resize(to: Int.random(in: -1...12, using: &random), now: now))
    case ..<972: deploy()
    case ..<980: pool.sampled(milliCPU: Double.random(in: 0...400, using: &random))
    case ..<983: perform(chance(60) ? pool.tryOut(now: now) : pool.endTrial(now: now))
    case ..<987: failing = [0, 0, 30, 100].randomElement(using: &random) ?? 0
    default: stray()
    }
    check()
  }

  mutating func check() {
    let counts = pool.counts
    let held = copies.values.reduce(0) { $0 + $1.calls }
    broken("\(counts.waiting) wait for it, \(parked.count) in truth", unless: counts.waiting == parked.count)
    broken("\(counts.running) run for it, \(held) in truth", unless: counts.running == held)
    broken("\(gate.running) start at once", unless: gate.running <= gate.limit)
    broken("\(counts.waiting) wait for nobody", unless: counts.waiting == 0 || counts.starting + counts.ready > 0)
    let known = counts.starting + counts.ready + counts.draining + counts.stopping
    broken("\(known) known to it, \(copies.count) in truth", unless: known == copies.count)
    var living: [Int: Int] = [:]
    for copy in copies.values where copy.body != .stopping { living[copy.generation, default: 0] += 1 }
    for (generation, count) in living {
      let most = policies[generation]?.ceiling ?? 0
      broken("\(count) of generation \(generation), at most \(most)", unless: count <= most)
    }
    // A redeploy overlaps by the old replicas that still serve, and the one that proves the new generation.
    let most = policies.values.map(\.ceiling).max() ?? 0
    broken("\(counts.present) serve or start", unless: counts.present <= 2 * most + 1)
    broken("its decisions outgrow the log", unless: pool.decisions.count <= 50)
  }

  /// All callers leave or are answered, starts succeed, and time passes.
  mutating func comeToRest(byRemoval: Bool) {
    failing = 0
    pool.sampled(milliCPU: 0)
    if byRemoval { perform(chance(50) ? pool.remove(now: now) : pool.close(by: now + .seconds(5), now: now)) }
    for _ in 0..<800 where violation == nil {
      endLease()
      for id in copies.keys.sorted() where copies[id]?.body == .stopping { exit(id) }
      for id in copies.keys.sorted() where copies[id]?.body == .launching { live(id) }
      pass(.seconds(1))
      check()
    }
    for grant in leases { perform(pool.end(grant, now: now)) }
    broken("\(parked.count) calls are parked for ever", unless: parked.isEmpty)
    broken("calls without an end", unless: ended.count == Int(lastTicket))
    broken("\(pool.counts.running) leases leak", unless: pool.counts.running == 0)
    if byRemoval {
      broken("it is not gone", unless: pool.isGone && copies.isEmpty)
    } else {
      broken("\(copies) at rest, floor \(pool.policy.floor)", unless: copies.count == pool.policy.floor)
    }
    if copies.isEmpty { broken("it wakes without need", unless: pool.nextWake == .never) }
    broken("the gate is not empty", unless: gate.running == 0 && gate.waiting == 0)
  }

  private mutating func live(_ id: ReplicaID) {
    copies[id]?.body = .up
    leaveGate(id)
    perform(pool.ready(id, now: now))
  }
}

@Suite struct `A replica pool on a random walk` {
  /// 40 seeds of 3,000 events.
  @Test(arguments: 1...40 as ClosedRange<UInt64>) func `keeps its promises after every event`(seed: UInt64) {
    var walk = RandomWalk(seed: seed)
    while walk.events < 3_000, walk.violation == nil { walk.step() }
    if walk.violation == nil { walk.comeToRest(byRemoval: seed.isMultiple(of: 3)) }
    #expect(walk.violation == nil)
  }

  @Test func `visits what it should: refusals of every reason, crashes, cold starts, rollouts`() {
    var reasons: Set<Refusal.Reason> = []
    var causes: Set<String> = []
    for seed in 1...12 as ClosedRange<UInt64> {
      var walk = RandomWalk(seed: seed)
      for _ in 0..<3_000 {
        walk.step()
        if walk.events.isMultiple(of: 40) { causes.formUnion(walk.pool.decisions.map { name($0.cause) }) }
      }
      let now = walk.now
      walk.perform(seed.isMultiple(of: 2) ? walk.pool.remove(now: now) : walk.pool.close(by: now, now: now))
      walk.arrive(fast: false)
      reasons.formUnion(Refusal.Reason.allCases.filter { walk.pool.totals[$0] > 0 })
    }
    #expect(reasons == Set(Refusal.Reason.allCases))
    let expected: Set = [
      "woken", "lineGrew", "demandChanged", "idle", "askedFor", "deployed", "promoted", "rolloutFailed",
      "replicaFailed", "cutShort", "refused",
    ]
    #expect(expected.subtracting(causes).isEmpty)
  }

  private func name(_ cause: Decision.Cause) -> String {
    String("\(cause)".prefix { $0 != "(" })
  }
}
