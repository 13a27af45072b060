import ApusIO
import Glibc
import Instruments
import Synchronization
import Testing

@Suite struct `A loop` {
  @Test func `runs every closure and task that other threads hand it`() async throws {
    let threads = 4
    let each = 20_000
    let sum = try await onLoop { loop in
      let done = Note(0)
      let givers = (0..<threads).map { _ in
        OwnThread {
          for index in 0..<each {
            if index % 16 == 0 {
              loop.spawn { done.set(done.value + 1) }
            } else {
              loop.execute { done.set(done.value + 1) }
            }
          }
        }
      }
      await done.wait { $0 == threads * each }
      for giver in givers { giver.join() }
      return done.value
    }
    #expect(sum == threads * each)
  }

  @Test func `wakes for each closure when it was asleep before`() async throws {
    try await onLoop { loop in
      let rounds = Note(0)
      // The thread hands over the next closure only when the last has run, so each finds the loop on its way to sleep.
      let giver = OwnThread {
        for round in 1...10_000 {
          let turn = Turn()
          loop.execute {
            rounds.set(round)
            turn.pass()
          }
          turn.wait()
        }
      }
      await rounds.wait { $0 == 10_000 }
      giver.join()
    }
  }

  @Test func `executes at once on its own thread, and in order from others`() async throws {
    try await onLoop { loop in
      let order = Note<[Int]>([])
      loop.execute { order.set(order.value + [1]) }
      #expect(order.value == [1])
      OwnThread { for number in 2...100 { loop.execute { order.set(order.value + [number]) } } }.join()
      #expect(order.value == [1], "another thread's closures wait for the loop")
      await order.wait { $0.count == 100 }
      #expect(order.value == Array(1...100))
    }
  }

  @Test func `knows its own thread`() async throws {
    try await onLoop { loop in
      #expect(loop.isCurrent)
      let other = try Loop()
      #expect(!other.isCurrent)
      OwnThread { precondition(!loop.isCurrent) }.join()
    }
  }

  @Test func `gives descriptors and threads their turn while a task never suspends for long`() async throws {
    try await onLoop { loop in
      let (stream, peer) = try streamAndPeer(on: loop)
      let isDone = Note(false)
      loop.spawn { while !isDone.value { await Task.yield() } }
      put("x", peer)
      #expect(try await stream.readText() == "x")
      let fromThread = Note(false)
      OwnThread { loop.execute { fromThread.set(true) } }.join()
      await fromThread.wait { $0 }
      try await loop.sleep(until: loop.now + .milliseconds(1))
      isDone.set(true)
      stream.close()
      close(peer)
    }
  }

  @Test func `gives descriptors their turn while a timer sets itself to now again and again`() async throws {
    try await onLoop { loop in
      let (stream, peer) = try streamAndPeer(on: loop)
      let timer = Note<Timer?>(nil)
      let rounds = Note(0)
      timer.value = Timer {
        rounds.set(rounds.value + 1)
        precondition(rounds.value < 1_000_000, "the loop sees nothing but this timer")
        if let timer = timer.value { loop.set(timer, to: loop.now) }
      }
      if let timer = timer.value { loop.set(timer, to: loop.now) }
      await rounds.wait { $0 > 1 }
      put("x", peer)
      #expect(try await stream.readText() == "x")
      if let timer = timer.value { loop.remove(timer) }
      timer.value = nil
      stream.close()
      close(peer)
    }
  }

  @Test func `fires timers in order, never early and not much too late`() async throws {
    try await onLoop { loop in
      let start = Instant.now()
      let delays = [5, 1, 30, 12, 0, 3, 12]
      let fired = Note<[(Int, Instant)]>([])
      let timers = delays.map { delay in Timer { fired.set(fired.value + [(delay, .now())]) } }
      for (timer, delay) in zip(timers, delays) { loop.set(timer, to: start + .milliseconds(delay)) }
      await fired.wait { $0.count == delays.count }
      #expect(fired.value.map(\.0) == delays.sorted())
      for (delay, when) in fired.value {
        #expect(when >= start + .milliseconds(delay))
        // A machine busy with other tests may be late, but not by seconds.
        #expect(when < start + .milliseconds(delay) + .seconds(5))
      }
      #expect(loop.held.timers == 1, "the watchdog's is left")
    }
  }

  @Test func `is held by no timer that was removed`() async throws {
    try await onLoop { loop in
      let timer = Timer { Issue.record("fired after it was removed") }
      let held = loop.held.timers
      loop.set(timer, to: loop.now + .milliseconds(1))
      #expect(loop.held.timers == held + 1)
      loop.remove(timer)
      #expect(loop.held.timers == held)
      try await loop.sleep(until: .now() + .milliseconds(5))
    }
  }
}
