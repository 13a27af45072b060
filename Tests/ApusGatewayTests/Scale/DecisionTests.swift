import ApusGateway
import ApusIO
import ApusLauncher
import ApusModel
import Testing

@Suite struct `The decisions of a pool` {
  @Test func `say why a call was cold, why so many replicas, and why a call was refused`() {
    var limits = PoolLimits()
    limits.lineLength = 2
    var play = PlayedPool(ScalePolicy(max: 2, maxInflight: 1), limits: limits)
    for _ in 0..<4 { play.call() }
    play.obey()
    play.pass(2.5)
    let lines = play.pool.decisions.map { $0.text(at: play.instant) }
    #expect(
      lines == [
        "2.5s ago: 0 → 1 replicas: a call came while no replica was there, so it waits for one to start; "
          + "waiting 1, running 0, ready 0, starting 0, draining 0",
        "2.5s ago: 1 → 2 replicas: calls wait because every replica is full; "
          + "waiting 2, running 0, ready 0, starting 1, draining 0",
        "2.5s ago: 2 replicas wanted: a call got 429 because the waiting line is full (2 times); "
          + "waiting 2, running 0, ready 0, starting 2, draining 0",
      ])
  }

  @Test func `are the last fifty, equal ones in a row counted once`() {
    var play = PlayedPool()
    for count in 1...60 { play.scale(to: count % 7) }
    #expect(play.pool.decisions.count == 50)
    #expect(play.pool.decisions.first?.cause == .askedFor(11 % 7))
    #expect(play.pool.decisions.last?.cause == .askedFor(60 % 7))
    let before = play.pool.decisions.count
    for _ in 0..<1_000 { play.call(within: 0) }
    #expect(play.pool.decisions.count == before)
    #expect(play.pool.decisions.last?.times == 1_000)
  }
}

@Suite struct `A refusal` {
  @Test(arguments: [
    (Refusal.lineFull(length: 9, retryAfter: .milliseconds(1)), 429, 1 as Int64?),
    (.waitedTooLong(limit: .seconds(30), retryAfter: .seconds(2)), 503, 2),
    (.deadline, 504, nil), (.removed, 404, nil), (.closing, 503, 1),
    (.startFailed(ReplicaExit(cause: "exit status 7", lastLines: "secret")), 502, nil),
    (.crashLoop(ReplicaExit(cause: "exit status 7", lastLines: "secret"), retryAfter: .milliseconds(2_001)), 503, 3),
  ])
  func `has a status, a time to come back, and a text that gives nothing away`(
    refusal: Refusal, status: Int, retryAfter: Int64?
  ) {
    #expect(refusal.status == status)
    #expect(refusal.retryAfterSeconds == retryAfter)
    #expect(!refusal.message.contains("secret") && !refusal.message.contains("status 7"))
  }

  @Test func `says how long to wait without the noise of a clock`() {
    let refusal = Refusal.crashLoop(ReplicaExit(cause: "exit status 7"), retryAfter: .nanoseconds(10_000_123_456))
    #expect(refusal.message.contains("tried in 11s"), "\(refusal.message)")
    #expect(refusal.retryAfterSeconds == 11)
  }

  @Test func `is said in words where it is logged`() {
    let error = APIError(status: 400, "no-artefact", "artefact not found: hello")
    #expect("can't start: \(error)" == "can't start: artefact not found: hello")
  }

  @Test func `tells those who may know how the replica ended, and both where to look`() {
    let exit = ReplicaExit(cause: "exit status 7", lastLines: "no such\ndatabase", reference: "5f3a")
    for refusal in [Refusal.startFailed(exit), .crashLoop(exit, retryAfter: .seconds(2))] {
      #expect(refusal.message.contains("reference 5f3a"))
      #expect(refusal.details?.contains("exit status 7 (reference 5f3a") == true)
      #expect(refusal.details?.hasSuffix("no such\ndatabase") == true)
    }
    #expect(Refusal.closing.details == nil)
  }
}
