import ApusGateway
import ApusIO
import ApusModel
import Instruments
import Testing

@Suite struct `The number of replicas for a demand` {
  /// Rows by hand from ceil(load / (target × proportion)), then the bounds.
  @Test(arguments: [
    (calls: 0, policy: ScalePolicy(), replicas: 0),
    (1, ScalePolicy(), 1),
    (45, ScalePolicy(), 1),
    (46, ScalePolicy(), 2),
    (10_000, ScalePolicy(), 20),
    (90, ScalePolicy(target: 10, targetProportion: 0.9), 10),
    (91, ScalePolicy(target: 10, targetProportion: 0.9), 11),
    (1, ScalePolicy(maxInflight: 1), 2),
    (9, ScalePolicy(maxInflight: 10), 1),
    (10, ScalePolicy(maxInflight: 10), 2),
    // In binary 100 × 0.07 is a little more than 7, and 0.7 × 10 as well as 3 × 0.1 miss by a hair too.
    (14, ScalePolicy(target: 100, targetProportion: 0.07), 2),
    (21, ScalePolicy(target: 3, targetProportion: 0.7), 10),
    (0, ScalePolicy(min: 3), 3),
    (0, ScalePolicy(scalesToZero: false), 1),
    (500, ScalePolicy(min: 4, max: 4), 4),
    (500, ScalePolicy(min: 4, max: 2), 4),
    (5, ScalePolicy(max: 0), 1),
    // Nonsense must not trap, and the calls that are there still count.
    (5, ScalePolicy(target: 0), 1),
    (5, ScalePolicy(target: .nan), 1),
    (5, ScalePolicy(target: -3), 1),
    (5, ScalePolicy(target: 1e-300), 20),
    (5, ScalePolicy(targetProportion: .infinity), 1),
    (7, ScalePolicy(min: -3, maxInflight: 0), 1),
  ])
  func `follows the formula`(calls: Int, policy: ScalePolicy, replicas: Int) {
    #expect(policy.replicas(for: Demand(running: calls)) == replicas)
    #expect(policy.replicas(for: Demand(waiting: calls)) == replicas)
  }

  @Test(arguments: [
    (0.0, 0), (45, 1), (46, 2), (90, 2), (450, 10), (1e12, 20), (.nan, 0), (.infinity, 20),
  ])
  func `comes from rates and processor use where the policy says so`(load: Double, replicas: Int) {
    #expect(ScalePolicy(type: .rps).replicas(for: Demand(callsPerSecond: load, lastCall: nil)) == replicas)
    #expect(ScalePolicy(type: .cpu).replicas(for: Demand(milliCPU: load, lastCall: nil)) == replicas)
  }

  @Test func `heeds the room of a replica even when the rate is small`() {
    #expect(ScalePolicy(type: .rps, maxInflight: 2).replicas(for: Demand(running: 7, callsPerSecond: 1)) == 4)
    #expect(ScalePolicy(type: .rps).replicas(for: Demand(waiting: 500, callsPerSecond: 0)) == 1)
  }

  @Test func `never falls when the demand grows, and stays within bounds`() {
    var random = SeededRandom(7)
    for _ in 0..<2_000 {
      let policy = ScalePolicy(
        min: Int.random(in: 0...5, using: &random), max: Int.random(in: 0...30, using: &random),
        scalesToZero: Bool.random(using: &random), type: ScaleType.allCases.randomElement(using: &random) ?? .rps,
        target: Double.random(in: 0.1...100, using: &random),
        targetProportion: Double.random(in: 0.1...1.2, using: &random),
        maxInflight: Bool.random(using: &random) ? Int.random(in: 1...20, using: &random) : nil)
      let small = Demand(
        waiting: Int.random(in: 0...50, using: &random), running: Int.random(in: 0...500, using: &random),
        callsPerSecond: Double.random(in: 0...900, using: &random),
        milliCPU: Double.random(in: 0...9000, using: &random))
      var large = small
      large.waiting += Int.random(in: 0...20, using: &random)
      large.running += Int.random(in: 0...20, using: &random)
      large.callsPerSecond += Double.random(in: 0...50, using: &random)
      large.milliCPU += Double.random(in: 0...500, using: &random)
      let (few, many) = (policy.replicas(for: small), policy.replicas(for: large))
      #expect(few <= many)
      #expect((policy.floor...policy.ceiling).contains(few))
      #expect(policy.leastReplicas(for: small) <= few)
    }
  }
}

@Suite struct `An autoscaler` {
  /// One value a second; what a trace does to the number of replicas.
  static func follow(_ trace: [Int], _ policy: ScalePolicy) -> [Int] {
    var autoscaler = Autoscaler()
    var lastCall: Instant?
    return trace.enumerated().map { second, calls in
      let now = Instant.at(Double(second))
      if calls > 0 { lastCall = now }
      return autoscaler.desired(demand: Demand(running: calls, lastCall: lastCall), policy: policy, now: now)
    }
  }

  static func changes(_ sizes: [Int]) -> Int { zip(sizes, sizes.dropFirst()).count { $0 != $1 } }

  static let policy = ScalePolicy(target: 10, targetProportion: 1)

  @Test func `climbs a step at once, and leaves it once the down window is over`() {
    let sizes = Self.follow([0, 0] + .init(repeating: 95, count: 20) + .init(repeating: 5, count: 100), Self.policy)
    #expect(sizes[1] == 0)
    #expect(sizes[2] == 10)
    // The last second of 95 is number 21; the window is 60.
    #expect(sizes[80] == 10)
    #expect(sizes[81] == 1)
    #expect(Self.changes(sizes) == 2)
  }

  @Test func `climbs a ramp step by step and comes down without going up again`() {
    let up = Array(0...150)
    let sizes = Self.follow(up + up.reversed() + .init(repeating: 0, count: 90), Self.policy)
    #expect(sizes.max() == 15)
    let top = sizes.firstIndex(of: 15) ?? 0
    #expect(sizes[...top].elementsEqual(sizes[...top].sorted()))
    #expect(sizes[top...].elementsEqual(sizes[top...].sorted(by: >)))
    #expect(sizes.last == 0)
    #expect(Self.changes(sizes) <= 30)
  }

  @Test func `keeps a spike's replicas for one window only`() {
    let sizes = Self.follow([5, 5, 190] + .init(repeating: 5, count: 100), Self.policy)
    #expect(sizes.count { $0 == 19 } == 60)
    #expect(Self.changes(sizes) == 2)
  }

  @Test(arguments: [2, 7, 20, 59]) func `does not flap under a saw-tooth shorter than its window`(period: Int) {
    let sizes = Self.follow((0..<600).map { $0 % period < period / 2 ? 10 : 190 }, Self.policy)
    #expect(Self.changes(sizes) == 1)
    #expect(sizes.last == 19)
  }

  @Test func `hardly moves under noise`() {
    var random = SeededRandom(3)
    let trace = (0..<3_600).map { _ in Int.random(in: 60...100, using: &random) }
    let raw = trace.map { Self.policy.replicas(for: Demand(running: $0)) }
    let sizes = Self.follow(trace, Self.policy)
    // Without the window it would be thousands; an hour of luck may thin out the top value for a minute.
    #expect(Self.changes(raw) > 2_000)
    #expect(Self.changes(sizes) <= 4)
  }

  @Test(arguments: [(30, 0), (30, 60), (5, 300), (120, 10)])
  func `sleeps exactly when nobody called for the zero duration`(zero: Int, window: Int) {
    let policy = ScalePolicy(zeroDuration: .seconds(zero), downWindow: .seconds(window))
    let sizes = Self.follow([1] + .init(repeating: 0, count: 200), policy)
    #expect(sizes.firstIndex(of: 0) == zero)
    #expect(sizes[zero...].allSatisfy { $0 == 0 })
  }

  @Test func `never sleeps on a call that runs for hours`() {
    var autoscaler = Autoscaler()
    let demand = Demand(running: 1, lastCall: .at(0))
    #expect(autoscaler.desired(demand: demand, policy: ScalePolicy(), now: .at(86_400)) == 1)
  }

  @Test func `does not remember what was before its sleep`() {
    let policy = ScalePolicy(zeroDuration: .seconds(5), target: 10, targetProportion: 1)
    let sizes = Self.follow([100] + .init(repeating: 0, count: 10) + [1], policy)
    #expect(sizes.first == 10)
    #expect(sizes.last == 1)
  }

  @Test func `goes on from the count that somebody set`() {
    var autoscaler = Autoscaler()
    let demand = Demand(running: 5, lastCall: .at(0))
    #expect(autoscaler.desired(demand: Demand(running: 95, lastCall: .at(0)), policy: Self.policy, now: .at(0)) == 10)
    autoscaler.restart(at: 4, policy: Self.policy, now: .at(1))
    #expect(autoscaler.desired(demand: demand, policy: Self.policy, now: .at(2)) == 4)
    #expect(autoscaler.desired(demand: demand, policy: Self.policy, now: .at(60)) == 4)
    #expect(autoscaler.desired(demand: demand, policy: Self.policy, now: .at(61)) == 1)
  }
}
