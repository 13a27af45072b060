import ApusGateway
import ApusIO
import ApusModel
import Testing

@Suite struct `A replica pool under a new generation` {
  /// A pool of generation 1 with so many ready replicas.
  static func serving(_ count: Int, _ policy: ScalePolicy = ScalePolicy()) -> PlayedPool {
    var play = PlayedPool(policy)
    play.scale(to: count)
    play.obey()
    return play
  }

  @Test func `keeps the old one serving until the new one is ready, then drains it`() {
    var play = Self.serving(1)
    let running = play.lease()
    play.deploy(2)
    #expect(play.pool.rollout == .progressing(generation: 2))
    #expect(play.take() == [.start(ReplicaID(2), generation: 2, isFirst: false)])
    #expect(play.lease()?.replica == ReplicaID(1))
    play.ready(ReplicaID(2))
    #expect(play.take() == [.promoted(generation: 2)])
    #expect(play.pool.rollout == .settled)
    #expect(play.lease()?.replica == ReplicaID(2))
    if let running { play.end(running) }
    #expect(play.take().isEmpty)
    play.end(LeaseGrant(replica: ReplicaID(1)))
    #expect(play.take() == [.terminate(ReplicaID(1))])
  }

  @Test func `drains the old ones as the new ones take over the load`() {
    var play = Self.serving(4, ScalePolicy(maxInflight: 1))
    let grants = (0..<4).compactMap { _ in play.lease() }
    play.deploy(2)
    #expect(play.takeStarts() == [ReplicaID(5)])
    play.ready(ReplicaID(5))
    // One of four is there: one old one may go, and three more new ones come.
    #expect(play.takeStarts().count == 3)
    #expect(play.pool.counts.draining == 1)
    for id in 6...8 { play.ready(ReplicaID(UInt64(id))) }
    #expect(play.pool.counts.draining == 4)
    for grant in grants { play.end(grant) }
    #expect(play.take().count == 4)
  }

  @Test func `leaves the old one serving when the new one does not start, and says why`() {
    var play = Self.serving(1)
    play.deploy(2)
    play.die(play.takeStarts()[0])
    play.die(play.takeStarts()[0], "cannot start: no such file")
    let exit = ReplicaExit(cause: "cannot start: no such file", lastLines: "boom")
    #expect(play.take() == [.rolloutFailed(generation: 2, exit)])
    #expect(play.pool.rollout == .failed(generation: 2, exit))
    #expect(play.pool.generation == 1)
    #expect(play.lease()?.replica == ReplicaID(1))
    play.deploy(3)
    play.ready(play.takeStarts()[0])
    #expect(play.pool.generation == 3)
    #expect(play.pool.rollout == .settled)
  }

  @Test func `starts the new one at the next call if it sleeps, and goes back to the old one if that fails`() {
    var play = PlayedPool(isProven: true)
    play.deploy(2)
    play.pass(100)
    #expect(play.take().isEmpty)
    play.call()
    #expect(play.take() == [.start(ReplicaID(1), generation: 2, isFirst: true)])
    play.die(ReplicaID(1))
    play.die(play.takeStarts()[0])
    let starts = play.take()
    #expect(starts.contains(.start(ReplicaID(3), generation: 1, isFirst: true)))
    play.ready(ReplicaID(3))
    #expect(PlayedPool.delivered(play.take()).count == 1)
  }

  @Test func `replaces a generation that was never ready, and its crash loop`() {
    var play = PlayedPool()
    play.call()
    play.die(play.takeStarts()[0])
    play.die(play.takeStarts()[0])
    guard case .refused = play.call().arrival else { return #expect(Bool(false), "no back-off") }
    play.deploy(2)
    play.call()
    play.ready(play.takeStarts()[0])
    #expect(PlayedPool.delivered(play.take()).count == 1)
    #expect(play.pool.generation == 2)
  }

  @Test func `stops a new generation that a newer one overtakes`() {
    var play = Self.serving(1)
    play.deploy(2)
    play.deploy(3)
    #expect(
      Set(play.take()) == [
        .start(ReplicaID(2), generation: 2, isFirst: false), .start(ReplicaID(3), generation: 3, isFirst: false),
        .terminate(ReplicaID(2)),
      ])
    play.ready(ReplicaID(2))
    #expect(play.pool.generation == 1)
    play.ready(ReplicaID(3))
    #expect(play.pool.generation == 3)
  }

  /// caller                         pool
  /// ----------------------------   ----------------------------------------
  /// leases the only old replica
  ///                                the new one is ready: the old one drains
  /// calls again
  ///                                the new one has it
  /// the new one dies
  ///                                nothing of the new one is left: starts one
  /// calls again
  ///                                waits for it; the old one goes on draining
  @Test func `does not go back to a generation that it drained`() {
    var play = Self.serving(1)
    _ = play.lease()
    play.deploy(2)
    play.obey()
    #expect(play.lease()?.replica == ReplicaID(2))
    play.die(ReplicaID(2))
    #expect(play.takeStarts() == [ReplicaID(3)])
    guard case .parked = play.call().arrival else { return #expect(Bool(false), "not parked") }
    #expect(play.pool.counts.draining == 1)
  }
}
