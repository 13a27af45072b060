import ApusIO
import ApusWatchdog
import Testing

@Suite struct `The lives of an upstream program` {
  private static let start = Instant(nanoseconds: 1_000_000_000_000)

  private static func ready(restarts: Int) -> UpstreamMachine {
    var machine = UpstreamMachine(restarts: restarts)
    machine.started()
    machine.listens(start)
    return machine
  }

  @Test func `do not begin again where the first was never ready`() {
    var machine = UpstreamMachine(restarts: 5)
    machine.started()
    #expect(!machine.isReady)
    #expect(machine.ended(Self.start) == .giveUp)
  }

  @Test func `begin again at once, then later and later, then no more`() {
    var machine = Self.ready(restarts: 4)
    var now = Self.start
    var pauses: [Duration] = []
    while case .again(let at) = machine.ended(now) {
      #expect(!machine.isReady)
      pauses.append(at.since(now))
      now = at
      machine.started()
    }
    #expect(pauses == [.zero, .milliseconds(100), .milliseconds(200), .milliseconds(400)])
  }

  @Test func `never pause longer than ten seconds`() {
    var machine = Self.ready(restarts: 100)
    var longest = Duration.zero
    for _ in 0..<100 {
      guard case .again(let at) = machine.ended(Self.start) else { break }
      longest = max(longest, at.since(Self.start))
      machine.started()
    }
    #expect(longest == .seconds(10))
  }

  @Test func `count anew after one that ran for a while`() {
    var machine = Self.ready(restarts: 1)
    #expect(machine.ended(Self.start) == .again(at: Self.start))
    machine.started()
    machine.listens(Self.start)
    #expect(machine.ended(Self.start + .seconds(60)) == .again(at: Self.start + .seconds(60)))
    machine.started()
    machine.listens(Self.start + .seconds(61))
    #expect(machine.ended(Self.start + .seconds(62)) == .giveUp)
  }

  @Test func `end for good when asked to`() {
    var machine = Self.ready(restarts: 5)
    machine.stop()
    #expect(!machine.isReady)
    #expect(machine.ended(Self.start) == .rest)
    machine.started()
    machine.listens(Self.start)
    #expect(!machine.isReady)
  }

  @Test func `may be one alone, as with of-watchdog`() {
    var machine = Self.ready(restarts: 0)
    #expect(machine.ended(Self.start) == .giveUp)
  }
}
