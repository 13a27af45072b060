import ApusGateway
import ApusIO
import ApusLauncher
import ApusModel
import Testing

@Suite struct `A replica pool whose replicas fail` {
  @Test func `tries a second time before its callers hear of it`() {
    var play = PlayedPool()
    play.call()
    play.die(play.takeStarts()[0])
    let second = play.takeStarts()
    #expect(second.count == 1)
    #expect(play.pool.counts.waiting == 1)
    play.die(second[0], "exit status 3")
    let exit = ReplicaExit(cause: "exit status 3", lastLines: "boom")
    #expect(PlayedPool.refusals(play.take()) == [.startFailed(exit)])
    #expect(play.pool.counts == PoolCounts())
  }

  @Test func `backs off from one second to five minutes, and says how long`() {
    var play = PlayedPool()
    play.call()
    play.die(play.takeStarts()[0])
    play.die(play.takeStarts()[0])
    for expected in [1.0, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300] {
      let refused = play.call().arrival
      guard case .refused(let refusal) = refused else { return #expect(Bool(false), "\(refused) in the back-off") }
      #expect(refusal.reason == .crashLoop)
      #expect(refusal.status == 503)
      #expect(refusal.retryAfterSeconds == Int64(expected))
      play.pass(expected - 0.001)
      guard case .refused = play.call().arrival else { return #expect(Bool(false), "started too early") }
      play.pass(0.001)
      _ = play.take()
      // Nobody called: nothing was started. Now one does, and one replica tries for all of them.
      for _ in 0..<5 { play.call() }
      let starts = play.takeStarts()
      #expect(starts.count == 1)
      play.die(starts[0])
      #expect(PlayedPool.refusals(play.take()).map(\.status) == .init(repeating: 502, count: 5))
    }
  }

  @Test func `forgets the failures once a replica was healthy for a while`() {
    var play = PlayedPool()
    play.call()
    play.die(play.takeStarts()[0])
    play.call()
    let id = play.takeStarts()[0]
    play.ready(id)
    play.pass(20)
    _ = play.take()
    play.die(id)
    _ = play.take()
    play.call()
    play.die(play.takeStarts()[0])
    #expect(play.takeStarts().count == 1)
  }

  @Test func `counts ten that die together as one failure`() {
    var play = PlayedPool(ScalePolicy(max: 10, maxInflight: 1))
    for _ in 0..<10 { play.call() }
    for id in play.takeStarts() { play.die(id) }
    let again = play.takeStarts()
    #expect(PlayedPool.refusals(play.take()).isEmpty)
    #expect(again.count >= 10)
  }

  /// One of two crashes at its start; the other, ready, takes all calls in turn.
  @Test func `leaves the calls to a replica that is there`() {
    var play = PlayedPool(ScalePolicy(max: 2, maxInflight: 1))
    let first = play.call().ticket
    let second = play.call().ticket
    let starts = play.takeStarts()
    play.die(starts[0])
    play.ready(starts[1])
    #expect(PlayedPool.delivered(play.actions).map(\.ticket) == [first])
    let third = play.takeStarts()
    play.die(third[0])
    #expect(play.take().isEmpty)
    play.end(LeaseGrant(replica: starts[1]))
    #expect(PlayedPool.delivered(play.take()).map(\.ticket) == [second])
  }

  @Test func `kills a replica that is not ready in time, and says so`() {
    var play = PlayedPool()
    play.call()
    let id = play.takeStarts()[0]
    play.pass(3)
    // At the gate the clock does not run.
    play.pool.launched(id, now: play.instant)
    play.pass(9.9)
    #expect(play.take().isEmpty)
    play.pass(0.1)
    #expect(play.take() == [.kill(id)])
    // It became ready in the same moment: too late.
    play.ready(id)
    #expect(play.pool.counts.ready == 0)
    play.die(id, "killed by signal 9 (SIGKILL)")
    play.die(play.takeStarts()[0], "exit status 1")
    let why = play.pool.decisions.compactMap { decision in
      if case .replicaFailed(_, let exit, _, _, _) = decision.cause { exit.cause } else { nil }
    }
    #expect(why == ["not ready within 10s, so it was killed", "exit status 1"])
  }

  @Test func `replaces a replica that died under its calls only if calls are there`() {
    var play = PlayedPool()
    play.call()
    play.obey()
    let grant = LeaseGrant(replica: ReplicaID(1))
    play.die(ReplicaID(1))
    #expect(play.take().isEmpty)
    #expect(play.pool.counts.running == 0)
    play.end(grant)
    #expect(play.pool.counts.running == 0)
    play.call()
    #expect(play.takeStarts().count == 1)
  }

  @Test func `refuses when the line is full, then when the wait was too long`() {
    var limits = PoolLimits()
    limits.lineLength = 2
    var play = PlayedPool(limits: limits)
    let first = play.call(within: 9).ticket
    play.call()
    let full = play.call().arrival
    #expect(full == .refused(.lineFull(length: 2, retryAfter: .seconds(1))))
    #expect(play.call(within: 0).arrival == .refused(.deadline))
    _ = play.take()
    play.pass(9)
    #expect(play.take() == [.refuse(first, .deadline)])
    play.pass(21)
    #expect(PlayedPool.refusals(play.take()).map(\.status) == [503])
    #expect(play.pool.totals[.lineFull] == 1)
    #expect(play.pool.totals[.waitedTooLong] == 1)
    #expect(play.pool.totals[.deadline] == 2)
  }

  @Test func `starts nothing anew for a caller that left`() {
    var play = PlayedPool()
    let ticket = play.call().ticket
    let id = play.takeStarts()[0]
    let (left, leftTwice) = (play.cancel(ticket), play.cancel(ticket))
    #expect(left && !leftTwice)
    play.ready(id)
    #expect(play.take().isEmpty)
    play.pass(31)
    #expect(play.take() == [.terminate(id)])
  }

  @Test(arguments: [false, true]) func `refuses what waits and what comes when it ends`(byRemoval: Bool) {
    var play = PlayedPool()
    let ticket = play.call().ticket
    let id = play.takeStarts()[0]
    let now = play.instant
    let actions = byRemoval ? play.pool.remove(now: now) : play.pool.close(by: .at(5), now: now)
    let refusal = byRemoval ? Refusal.removed : .closing
    #expect(actions == [.refuse(ticket, refusal), .terminate(id)])
    #expect(play.call().arrival == .refused(refusal))
    #expect(play.lease() == nil)
    play.ready(id)
    play.die(id)
    #expect(play.take().isEmpty)
    #expect(play.pool.isGone == true)
  }

  /// shell                          pool
  /// ----------------------------   ----------------------------------------
  /// the replica writes R
  ///                                nobody called for 30 s: terminate
  /// reads R, reports ready
  ///                                ignores it: it is on its way out
  /// a call comes
  ///                                starts another; the old one may not have it
  @Test func `does not route to a replica that it told to stop`() {
    var play = PlayedPool()
    play.scale(to: 1)
    let id = play.takeStarts()[0]
    play.scale(to: 0)
    #expect(play.take() == [.terminate(id)])
    play.ready(id)
    #expect(play.lease() == nil)
    play.call()
    #expect(play.takeStarts().count == 1)
  }
}
