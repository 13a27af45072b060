import ApusGateway
import ApusIO
import ApusModel
import Testing

@Suite struct `A replica pool whose replicas die under their calls` {
  /// A call that starts a replica, which becomes ready and dies of it; false if nothing was started.
  private static func killByCall(
    _ play: inout PlayedPool, outOfMemory: Bool = false, answeringBefore: Bool = false
  ) -> Bool {
    play.call()
    let starts = play.takeStarts()
    guard starts.count == 1 else { return false }
    play.ready(starts[0])
    guard let grant = PlayedPool.delivered(play.take()).first?.grant else { return false }
    if answeringBefore {
      play.end(grant)
      guard play.lease() != nil else { return false }
    }
    // The connection breaks before the end is known.
    play.end(LeaseGrant(replica: starts[0]), wasAnswered: false)
    play.pass(0.1)
    play.die(starts[0], outOfMemory: outOfMemory)
    return true
  }

  @Test func `starts the next one at once, however often a call takes all memory`() {
    var play = PlayedPool()
    for attempt in 1...30 {
      let wasStarted = Self.killByCall(&play, outOfMemory: true)
      #expect(wasStarted, "attempt \(attempt)")
      #expect(play.pool.state == .asleep)
      #expect(play.pool.trouble == nil)
    }
    #expect(play.pool.totals[.crashLoop] == 0 && play.pool.totals[.startFailed] == 0)
  }

  @Test func `starts the next one at once if one had answered before`() {
    var play = PlayedPool()
    for attempt in 1...30 {
      let wasStarted = Self.killByCall(&play, answeringBefore: true)
      #expect(wasStarted, "attempt \(attempt)")
    }
  }

  @Test func `starts the next one at once if others answered between the deaths`() {
    var play = PlayedPool()
    for attempt in 1...10 {
      let wasStarted = Self.killByCall(&play)
      #expect(wasStarted, "attempt \(attempt)")
      play.call()
      let replica = play.takeStarts()[0]
      play.ready(replica)
      guard let grant = PlayedPool.delivered(play.take()).first?.grant else { return #expect(Bool(false)) }
      play.end(grant)
      play.scale(to: 0)
      _ = play.obey()
    }
  }

  @Test func `backs off when one after the other dies and none has ever answered`() {
    var play = PlayedPool()
    // Five are the calls' doing; two more are failures like any.
    for attempt in 1...7 {
      let wasStarted = Self.killByCall(&play)
      #expect(wasStarted, "attempt \(attempt)")
    }
    guard case .refused(let refusal) = play.call().arrival else { return #expect(Bool(false), "no back-off") }
    #expect(refusal.reason == .crashLoop)
    #expect(play.pool.state == .failing)
  }

  @Test func `backs off when they die without a call`() {
    var play = PlayedPool(ScalePolicy(min: 1, scalesToZero: false))
    play.pass(1)
    for _ in 1...2 {
      let starts = play.takeStarts()
      guard starts.count == 1 else { return #expect(Bool(false), "\(starts)") }
      play.ready(starts[0])
      play.die(starts[0])
    }
    #expect(play.takeStarts().isEmpty)
    #expect(play.pool.state == .failing)
  }

  @Test func `says in one word what it does`() {
    var play = PlayedPool()
    #expect(play.pool.state == .asleep)
    play.call()
    #expect(play.pool.state == .starting)
    play.die(play.takeStarts()[0])
    #expect(play.pool.state == .starting, "one failure may be an accident")
    play.die(play.takeStarts()[0], "exit status 3")
    #expect(play.pool.state == .failing)
    #expect(play.pool.trouble?.cause == "exit status 3")
    play.pass(2)
    play.call()
    #expect(play.pool.state == .failing, "it is tried again, and has not shown yet that it starts")
    let ready = play.takeStarts()[0]
    play.ready(ready)
    #expect(play.pool.state == .ready)
    #expect(play.pool.trouble == nil)
    play.end(LeaseGrant(replica: ready))
    play.scale(to: 0)
    _ = play.obey()
    #expect(play.pool.state == .asleep, "it started last time")
  }

  @Test func `is failing while the version deployed last does not start and none serves`() {
    var play = PlayedPool(isProven: true)
    play.deploy(2)
    play.tryOut()
    play.die(play.takeStarts()[0])
    play.die(play.takeStarts()[0])
    #expect(play.pool.state == .failing)
    // The one before takes the next call all the same.
    play.call()
    play.ready(play.takeStarts()[0])
    #expect(play.pool.state == .ready)
  }
}
