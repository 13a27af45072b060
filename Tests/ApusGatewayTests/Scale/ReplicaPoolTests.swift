import ApusGateway
import ApusIO
import ApusLauncher
import ApusModel
import Testing

@Suite struct `A replica pool` {
  @Test func `starts one replica for a burst, and delivers in order of arrival`() {
    var play = PlayedPool()
    let tickets = (0..<40).map { _ in play.call().ticket }
    let starts = play.takeStarts()
    #expect(starts.count == 1)
    #expect(play.pool.counts.waiting == 40)
    play.now = 0.002
    play.ready(starts[0])
    #expect(PlayedPool.delivered(play.take()).map(\.ticket) == tickets)
    #expect(play.pool.counts.running == 40)
    #expect(play.pool.totals.coldStarts == 1)
  }

  /// A burst of so many calls, the limit of a replica, the most replicas: so many starts.
  @Test(arguments: [
    (1, 1, 20, 1), (10, 1, 20, 10), (100, 1, 20, 20), (100, 10, 20, 10),
    (101, 10, 20, 11), (3, 10, 20, 1), (9, 1, 2, 2),
  ])
  func `starts as many replicas as a burst needs`(calls: Int, limit: Int, most: Int, starts: Int) {
    var play = PlayedPool(ScalePolicy(max: most, maxInflight: limit))
    for _ in 0..<calls { play.call() }
    #expect(play.takeStarts().count == starts)
  }

  @Test func `leases the least busy replica below its limit`() throws {
    var play = PlayedPool(ScalePolicy(maxInflight: 2))
    play.scale(to: 3)
    let ids = play.obey()
    let grants = (0..<6).compactMap { _ in play.lease() }
    #expect(grants.map(\.replica) == ids + ids)
    #expect(play.lease() == nil)
    play.end(grants[4])
    #expect(play.lease()?.replica == ids[1])
  }

  @Test func `gives a place that becomes free to the first in the line`() {
    var play = PlayedPool(ScalePolicy(max: 1, maxInflight: 1))
    play.call()
    play.obey()
    let second = play.call().ticket
    let third = play.call().ticket
    #expect(play.lease() == nil)
    play.end(LeaseGrant(replica: ReplicaID(1)))
    #expect(PlayedPool.delivered(play.take()).map(\.ticket) == [second])
    play.end(LeaseGrant(replica: ReplicaID(1)))
    #expect(PlayedPool.delivered(play.take()).map(\.ticket) == [third])
  }

  @Test func `goes back to zero when nobody called for the zero duration`() {
    var play = PlayedPool()
    play.call()
    play.obey()
    play.now = 5
    play.end(LeaseGrant(replica: ReplicaID(1)))
    play.pass(29.9)
    #expect(play.take().isEmpty)
    play.pass(1.1)
    #expect(play.take() == [.terminate(ReplicaID(1))])
    play.die(ReplicaID(1))
    #expect(play.pool.counts == PoolCounts())
    #expect(play.pool.nextWake == .never)
  }

  @Test func `stays awake under a call that runs longer than the zero duration`() {
    var play = PlayedPool()
    play.call(within: 9_000)
    play.obey()
    play.pass(3_600)
    #expect(play.pool.counts.ready == 1)
  }

  @Test func `keeps the floor of its policy without a call`() {
    var play = PlayedPool(ScalePolicy(min: 2))
    play.pass(0)
    #expect(play.obey().count == 2)
    play.pass(600)
    play.obey()
    #expect(play.pool.counts.ready == 2)
    play.die(ReplicaID(1))
    #expect(play.obey().count == 1)
  }

  @Test func `adds replicas at the tick when the target is exceeded, and takes them away after the window`() {
    var play = PlayedPool(ScalePolicy(target: 10, downWindow: .seconds(10)))
    play.call()
    play.obey()
    var grants = (0..<27).compactMap { _ in play.lease() }
    play.pass(1.5)
    #expect(play.obey().count == 3)
    #expect(play.pool.size == 4)
    while grants.count > 3, let grant = grants.popLast() { play.end(grant) }
    play.pass(8)
    play.obey()
    #expect(play.pool.size == 4)
    play.pass(4)
    play.obey()
    #expect(play.pool.size == 1)
    #expect(play.pool.counts.ready == 1)
  }

  @Test func `scales on calls a second`() {
    var play = PlayedPool(ScalePolicy(type: .rps, target: 10, targetProportion: 1))
    play.call()
    play.obey()
    for _ in 0..<100 {
      for _ in 0..<4 { if let grant = play.lease() { play.end(grant) } }
      play.pass(0.1)
      play.obey()
    }
    #expect(play.pool.size == 4)
  }

  @Test func `scales on processor use, and not on that of an earlier life`() {
    var play = PlayedPool(ScalePolicy(type: .cpu, target: 500, targetProportion: 1))
    play.call()
    play.obey()
    play.pool.sampled(milliCPU: 1_900)
    play.pass(1)
    #expect(play.pool.size == 4)
    play.obey()
    play.end(LeaseGrant(replica: ReplicaID(1)))
    play.pass(40)
    play.obey()
    #expect(play.pool.size == 0)
    play.call()
    play.obey()
    play.pass(2)
    #expect(play.pool.size == 1)
  }

  @Test func `drains the newest of the least busy`() {
    var play = PlayedPool()
    play.scale(to: 4)
    let ids = play.obey()
    _ = play.lease()
    _ = play.lease()
    play.scale(to: 3)
    #expect(play.take() == [.terminate(ids[3])])
    play.scale(to: 1)
    // The third is idle and goes; the second runs a call to its end first.
    #expect(play.take() == [.terminate(ids[2])])
    #expect(play.pool.counts.draining == 1)
  }

  @Test func `takes a draining replica back instead of starting another`() {
    var play = PlayedPool(ScalePolicy(maxInflight: 1))
    play.scale(to: 2)
    let ids = play.obey()
    let grants = (0..<2).compactMap { _ in play.lease() }
    play.scale(to: 1)
    #expect(play.pool.counts.draining == 1)
    play.call()
    #expect(PlayedPool.starts(play.take()).count == 1)
    #expect(play.pool.counts.draining == 0)
    play.end(grants[1])
    #expect(PlayedPool.delivered(play.take()).map(\.grant.replica) == [ids[1]])
  }

  @Test func `cuts a call short when its replica's time to drain is over`() {
    var play = PlayedPool()
    play.call(within: 900)
    play.obey()
    play.actions += play.pool.remove(now: play.instant)
    #expect(play.take().isEmpty)
    play.pass(29)
    #expect(play.take().isEmpty)
    play.pass(1)
    #expect(play.take() == [.terminate(ReplicaID(1))])
    play.pass(10)
    #expect(play.take() == [.kill(ReplicaID(1))])
    #expect(play.pool.isGone == false)
    play.die(ReplicaID(1))
    #expect(play.pool.isGone == true)
    #expect(play.pool.decisions.contains { $0.cause == .cutShort(ReplicaID(1), calls: 1) })
  }

  @Test func `sleeps at once when somebody asks for zero and it is idle`() {
    var play = PlayedPool()
    play.call()
    play.obey()
    play.end(LeaseGrant(replica: ReplicaID(1)))
    play.scale(to: 0)
    #expect(play.take() == [.terminate(ReplicaID(1))])
    play.die(ReplicaID(1))
    play.pass(10)
    #expect(play.take().isEmpty)
    play.call()
    #expect(play.takeStarts().count == 1)
  }

  @Test func `keeps the count that somebody asked for over one window, then goes on by demand`() {
    var play = PlayedPool(ScalePolicy(zeroDuration: .seconds(600)))
    play.scale(to: 5)
    play.obey()
    play.pass(58)
    play.obey()
    #expect(play.pool.counts.ready == 5)
    play.pass(5)
    play.obey()
    #expect(play.pool.counts.ready == 1)
    play.scale(to: 500)
    #expect(play.pool.size == 20)
  }
}
