import ApusGateway
import ApusIO
import ApusLauncher
import ApusModel
import Testing

@Suite struct `A replica pool after a deployment` {
  private static func tried(_ policy: ScalePolicy = ScalePolicy()) -> PlayedPool {
    var play = PlayedPool(policy)
    play.tryOut()
    return play
  }

  @Test func `starts one replica that nobody waits for, and sleeps after the zero duration`() {
    var play = Self.tried()
    #expect(play.take() == [.start(ReplicaID(1), generation: 1, isFirst: false)])
    play.ready(ReplicaID(1))
    #expect(play.pool.counts.ready == 1)
    #expect(play.pool.trouble == nil)
    play.pass(29.9)
    #expect(play.take().isEmpty)
    play.pass(1.1)
    #expect(play.take() == [.terminate(ReplicaID(1))])
  }

  @Test func `tries a second time and no third, and says what is wrong`() {
    var play = Self.tried()
    play.die(play.takeStarts()[0])
    play.die(play.takeStarts()[0], "exit status 3")
    play.pass(60)
    #expect(play.take().isEmpty)
    #expect(play.pool.size == 0)
    #expect(play.pool.trouble?.cause == "exit status 3")
    // It was told to nobody's call, so the next one may try.
    play.call()
    let starts = play.takeStarts()
    #expect(starts.count == 1)
    play.ready(starts[0])
    #expect(play.pool.trouble == nil)
  }

  @Test func `gives a call's replica the way before other functions' trials`() {
    var play = Self.tried()
    _ = play.take()
    play.call()
    #expect(play.take() == [.hasten(ReplicaID(1))])
    play.call()
    #expect(play.take().isEmpty, "once is enough")
    play.ready(ReplicaID(1))
    #expect(PlayedPool.delivered(play.take()).count == 2)
  }

  @Test func `leaves one alone that has begun`() {
    var play = Self.tried()
    play.launch(play.takeStarts()[0])
    play.call()
    #expect(play.take().isEmpty)
  }

  @Test func `is not given up by a zero duration that is shorter than its start`() {
    var play = Self.tried(ScalePolicy(zeroDuration: .milliseconds(10)))
    play.launch(play.takeStarts()[0])
    play.pass(5)
    #expect(play.take().isEmpty)
    play.ready(ReplicaID(1))
    play.pass(1)
    #expect(play.take() == [.terminate(ReplicaID(1))])
  }

  @Test func `makes room for others as soon as it is known to start`() {
    var play = Self.tried()
    _ = play.take()
    play.endTrial()
    #expect(play.take().isEmpty, "it is to be tried all the same")
    play.ready(ReplicaID(1))
    #expect(play.take() == [.terminate(ReplicaID(1))])

    var known = Self.tried()
    known.obey()
    known.endTrial()
    #expect(known.take() == [.terminate(ReplicaID(1))])
  }

  @Test func `makes no room if somebody called, or wants it awake`() {
    var called = Self.tried()
    called.obey()
    if let grant = called.lease() { called.end(grant) }
    called.endTrial()
    #expect(called.take().isEmpty)

    var scaled = Self.tried()
    scaled.obey()
    scaled.scale(to: 1)
    scaled.endTrial()
    #expect(scaled.take().isEmpty)

    var kept = Self.tried(ScalePolicy(min: 1))
    kept.obey()
    kept.endTrial()
    #expect(kept.take().isEmpty)
  }

  @Test func `tries a new generation of a function that sleeps, and takes it over`() {
    var play = PlayedPool(isProven: true)
    play.deploy(2)
    play.tryOut()
    #expect(play.take() == [.start(ReplicaID(1), generation: 2, isFirst: false)])
    play.ready(ReplicaID(1))
    #expect(play.take() == [.promoted(generation: 2)])
    #expect(play.pool.rollout == .settled)
  }

  @Test func `sleeps on with the old generation if the new one does not start`() {
    var play = PlayedPool(isProven: true)
    play.deploy(2)
    play.tryOut()
    play.die(play.takeStarts()[0])
    play.die(play.takeStarts()[0])
    let exit = ReplicaExit(cause: "exit status 1", lastLines: "boom")
    #expect(play.take() == [.rolloutFailed(generation: 2, exit)])
    #expect(play.pool.rollout == .failed(generation: 2, exit))
    #expect(play.pool.size == 0)
    play.pass(60)
    #expect(play.take().isEmpty)
    play.call()
    #expect(play.take() == [.start(ReplicaID(2 + 1), generation: 1, isFirst: true)])
  }

  @Test func `does nothing for a function that is awake`() {
    var play = ReplicaPoolRollout.serving(1)
    play.tryOut()
    #expect(play.take().isEmpty)
  }

  @Test func `does nothing by itself when the gateway comes back`() {
    var play = PlayedPool(isProven: true)
    play.pass(100)
    #expect(play.take().isEmpty)
  }
}

private typealias ReplicaPoolRollout = `A replica pool under a new generation`
