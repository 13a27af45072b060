import ApusAccess
import ApusIO
import Instruments
import Testing

@Suite struct `A throttle of attempts` {
  private static func at(_ seconds: Double) -> Instant { Instant(nanoseconds: 0) + .seconds(seconds + 10_000) }

  private static func wait(_ verdict: AttemptThrottle.Verdict) -> Int {
    switch verdict {
    case .allowed: 0
    case .wait(let seconds): seconds
    }
  }

  @Test func `lets five fail and then doubles the wait up to a quarter of an hour`() {
    var throttle = AttemptThrottle()
    var now = 0.0
    var waits: [Int] = []
    for _ in 0..<18 {
      #expect(throttle.check(address: "192.0.2.1", name: nil, now: Self.at(now)) == .allowed)
      throttle.failed(address: "192.0.2.1", name: nil, now: Self.at(now))
      let wait = Self.wait(throttle.check(address: "192.0.2.1", name: nil, now: Self.at(now)))
      waits.append(wait)
      if wait > 0 {
        #expect(
          throttle.check(address: "192.0.2.1", name: nil, now: Self.at(now + Double(wait) - 0.5)) == .wait(seconds: 1))
      }
      now += Double(wait)
    }
    #expect(waits == [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900, 900])
  }

  @Test func `counts a name from wherever it is tried`() {
    var throttle = AttemptThrottle()
    for host in 0..<5 { throttle.failed(address: "192.0.2.\(host)", name: "admin", now: Self.at(0)) }
    #expect(throttle.check(address: "198.51.100.1", name: "admin", now: Self.at(0.2)) == .wait(seconds: 1))
    #expect(throttle.check(address: "198.51.100.1", name: "other", now: Self.at(0.2)) == .allowed)
    #expect(throttle.check(address: "192.0.2.1", name: "other", now: Self.at(0.2)) == .allowed)
    #expect(throttle.check(address: "198.51.100.1", name: "admin", now: Self.at(1)) == .allowed)
  }

  @Test(
    arguments: [
      ("2001:db8:0:1::1", "2001:db8:0:1:ffff::2", true), ("2001:db8:0:1::1", "2001:db8:0:2::1", false),
      ("192.0.2.1", "192.0.2.2", false), ("192.0.2.1", "::ffff:192.0.2.1", true),
      ("::ffff:192.0.2.1", "::ffff:192.0.2.2", false), (nil, "nonsense", true), (nil, "192.0.2.1", false),
    ] as [(String?, String?, Bool)])
  func `takes a version 6 network for one caller`(one: String?, other: String?, isSame: Bool) {
    var throttle = AttemptThrottle()
    for _ in 0..<9 { throttle.failed(address: one, name: nil, now: Self.at(0)) }
    #expect((throttle.check(address: other, name: nil, now: Self.at(0)) != .allowed) == isSame)
  }

  @Test func `forgets after a success`() {
    var throttle = AttemptThrottle()
    for _ in 0..<9 { throttle.failed(address: "192.0.2.1", name: "admin", now: Self.at(0)) }
    throttle.succeeded(address: "192.0.2.1", name: "admin", now: Self.at(20))
    for _ in 0..<4 { throttle.failed(address: "192.0.2.1", name: "admin", now: Self.at(20)) }
    #expect(throttle.check(address: "192.0.2.1", name: "admin", now: Self.at(20)) == .allowed)
    for _ in 0..<9 { throttle.failed(address: "192.0.2.2", name: nil, now: Self.at(20)) }
    throttle.succeeded(address: "192.0.2.2", name: nil, now: Self.at(30))
    #expect(throttle.check(address: "192.0.2.2", name: nil, now: Self.at(30)) == .allowed)
  }

  @Test func `forgets after an hour`() {
    var throttle = AttemptThrottle()
    for _ in 0..<8 { throttle.failed(address: "192.0.2.1", name: nil, now: Self.at(0)) }
    throttle.failed(address: "192.0.2.1", name: nil, now: Self.at(3_599))
    #expect(throttle.check(address: "192.0.2.1", name: nil, now: Self.at(3_599)) == .wait(seconds: 16))
    throttle.failed(address: "192.0.2.1", name: nil, now: Self.at(7_199))
    #expect(throttle.check(address: "192.0.2.1", name: nil, now: Self.at(7_199)) == .allowed)
  }

  @Test func `does not let strangers keep a known caller out`() {
    var throttle = AttemptThrottle()
    throttle.succeeded(address: "203.0.113.5", name: "admin", now: Self.at(0))
    for host in 0..<50 { throttle.failed(address: "192.0.2.\(host)", name: "admin", now: Self.at(1)) }
    #expect(throttle.check(address: "203.0.113.5", name: "admin", now: Self.at(2)) == .allowed)
    #expect(throttle.check(address: "203.0.113.6", name: "admin", now: Self.at(2)) != .allowed)
    // Its own failures count as everybody's.
    for _ in 0..<6 { throttle.failed(address: "203.0.113.5", name: "admin", now: Self.at(2)) }
    #expect(throttle.check(address: "203.0.113.5", name: "admin", now: Self.at(2)) != .allowed)
  }

  @Test func `never remembers more than it has room for, and drops the oldest`() {
    var throttle = AttemptThrottle(capacity: 100)
    for _ in 0..<9 { throttle.failed(address: "198.51.100.1", name: "admin", now: Self.at(0)) }
    for index in 0..<10_000 {
      throttle.failed(address: "10.\(index >> 8).\(index & 255).1", name: "n\(index)", now: Self.at(0))
      // Whoever goes on guessing stays known.
      if index % 50 == 0 { throttle.failed(address: "198.51.100.2", name: "root", now: Self.at(0)) }
      #expect(throttle.count <= 200)
    }
    #expect(throttle.count == 200)
    #expect(throttle.check(address: "198.51.100.1", name: nil, now: Self.at(0)) == .allowed)
    #expect(throttle.check(address: "198.51.100.2", name: nil, now: Self.at(0)) == .wait(seconds: 900))
    #expect(throttle.check(address: nil, name: "root", now: Self.at(0)) == .wait(seconds: 900))
  }

  @Test(arguments: [
    AttemptThrottle.Policy(free: -5, firstWait: .zero, longestWait: .zero, memory: .zero),
    AttemptThrottle.Policy(free: 0, firstWait: .seconds(1), longestWait: .seconds(Int64.max / 2), memory: .zero),
    AttemptThrottle.Policy(free: .max, firstWait: .seconds(1), longestWait: .seconds(2), memory: .seconds(3)),
  ]) func `survives any policy, clock and order`(policy: AttemptThrottle.Policy) {
    var throttle = AttemptThrottle(policy: policy, capacity: 8)
    var random = SeededRandom(5)
    for _ in 0..<5_000 {
      let now = Instant(nanoseconds: UInt64.random(in: 0...UInt64.max, using: &random))
      let address = "10.0.0.\(Int.random(in: 0...20, using: &random))"
      let name = Bool.random(using: &random) ? "n\(Int.random(in: 0...20, using: &random))" : nil
      switch Int.random(in: 0..<4, using: &random) {
      case 0: throttle.succeeded(address: address, name: name, now: now)
      case 1:
        if case .wait(let seconds) = throttle.check(address: address, name: name, now: now) { #expect(seconds >= 1) }
      default: throttle.failed(address: address, name: name, now: now)
      }
      #expect(throttle.count <= 16)
    }
  }
}
