import ApusIO
import Instruments
import Testing

@Suite struct `A sleep on a loop` {
  @Test func `lasts until its deadline`() async throws {
    try await onLoop { loop in
      let deadline = Instant.now() + .milliseconds(20)
      try await loop.sleep(until: deadline)
      #expect(Instant.now() >= deadline)
      try await loop.sleep(until: Instant(nanoseconds: 0))
      #expect(loop.held.timers == 1, "the watchdog's is left")
    }
  }

  // Cancelled before the sleep begins:
  //
  //   canceller                       sleeper
  //   cancel()
  //                                   sleep(until:)
  //                                     onCancel runs at once: isCancelled
  //                                     wait: throws, no timer is set
  @Test func `throws at once in a task that was cancelled before`() async throws {
    try await onLoop { loop in
      let outcome = await withTaskGroup(of: Bool.self) { group in
        group.cancelAll()
        group.addTask(executorPreference: loop) { await Self.isCancelled(sleepingOn: loop) }
        return await group.next()
      }
      #expect(outcome == true)
      #expect(loop.held.timers == 1, "the watchdog's is left")
    }
  }

  // Cancelled while it sleeps:
  //
  //   canceller                       sleeper
  //                                   sleep(until:)
  //                                     wait: sets its timer, suspends
  //   cancel()
  //     onCancel: cancel the sleeper
  //                                     wakes: throws, removes its timer
  @Test(arguments: [false, true])
  func `throws when its task is cancelled meanwhile`(fromAnotherThread: Bool) async throws {
    try await onLoop { loop in
      let held = loop.held.timers
      let begins = Instant.now()
      let task = Task(executorPreference: loop) {
        await Self.isCancelled(sleepingOn: loop, until: begins + .seconds(30))
      }
      while loop.held.timers == held { await Task.yield() }
      if fromAnotherThread { OwnThread { task.cancel() }.join() } else { task.cancel() }
      #expect(await task.value)
      #expect(loop.held.timers == held)
    }
  }

  // Cancelled from another thread at any moment, also as the timer fires:
  //
  //   canceller (its own thread)      sleeper
  //                                   sleep(until: a moment)
  //   cancel()              ~         timer fires: resumes
  //     execute { cancel }  ~         (either finds no continuation left)
  @Test func `ends once when cancellation and timer race`() async throws {
    try await onLoop { loop in
      var cancelled = 0
      for round in 0..<2_000 {
        let task = Task(executorPreference: loop) {
          await Self.isCancelled(sleepingOn: loop, until: .now() + .microseconds(round % 300))
        }
        let canceller = OwnThread { task.cancel() }
        if await task.value { cancelled += 1 }
        canceller.join()
      }
      #expect(loop.held.timers == 1, "the watchdog's is left")
      #expect(cancelled <= 2_000)
    }
  }

  private static func isCancelled(sleepingOn loop: Loop, until deadline: Instant = .never) async -> Bool {
    do {
      try await loop.sleep(until: deadline)
      return false
    } catch {
      return error is CancellationError
    }
  }
}
