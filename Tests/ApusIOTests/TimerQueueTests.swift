import ApusIO
import Instruments
import Testing

@Suite struct `A timer queue` {
  /// What fired, in order.
  private final class Log {
    var fired: [Int] = []
  }

  /// Deadlines by timer, and a search through all of them: slow, and plainly right.
  private struct Model {
    var deadlines: [Int: UInt64] = [:]

    /// The deadlines that are due, in order; ties are in no order.
    mutating func due(at now: UInt64) -> [(UInt64, Int)] {
      let due = deadlines.filter { $0.value <= now }
      for id in due.keys { deadlines[id] = nil }
      return due.map { ($0.value, $0.key) }.sorted { $0 < $1 }
    }
  }

  @Test(arguments: [1, 2, 3] as [UInt64])
  func `agrees with a plain list over a hundred thousand steps`(seed: UInt64) {
    var random = SeededRandom(seed)
    var queue = TimerQueue()
    var model = Model()
    let log = Log()
    let timers = (0..<200).map { id in Timer { log.fired.append(id) } }
    var now: UInt64 = 1000
    for step in 0..<100_000 {
      let id = Int.random(in: 0..<timers.count, using: &random)
      switch Int.random(in: 0..<10, using: &random) {
      case 0..<6:
        // Now and then in the past; often the same time twice.
        let deadline = now - 20 + UInt64.random(in: 0..<300, using: &random)
        queue.set(timers[id], to: Instant(nanoseconds: deadline))
        model.deadlines[id] = deadline
      case 6:
        queue.remove(timers[id])
        model.deadlines[id] = nil
      case 7:
        queue.set(timers[id], to: .never)
        model.deadlines[id] = nil
      default:
        now += UInt64.random(in: 0..<40, using: &random)
        let before = model.deadlines
        log.fired = []
        while let fire = queue.due(at: Instant(nanoseconds: now)) { fire() }
        let expected = model.due(at: now)
        guard log.fired.map({ before[$0] }) == expected.map(\.0), log.fired.sorted() == expected.map(\.1).sorted()
        else {
          Issue.record("step \(step): fired \(log.fired), due \(expected)")
          return
        }
      }
      let earliest = model.deadlines.values.min() ?? .max
      guard queue.next.nanoseconds <= earliest, queue.count >= model.deadlines.count, queue.count <= timers.count else {
        Issue.record("step \(step): next \(queue.next), \(queue.count) timers; \(model.deadlines)")
        return
      }
    }
  }

  @Test func `fires by deadline and not by the place that a timer had first`() {
    var queue = TimerQueue()
    let log = Log()
    let moved = Timer { log.fired.append(10) }
    let other = Timer { log.fired.append(7) }
    queue.set(moved, to: Instant(nanoseconds: 5))
    queue.set(moved, to: Instant(nanoseconds: 10))
    queue.set(other, to: Instant(nanoseconds: 7))
    while let fire = queue.due(at: Instant(nanoseconds: 20)) { fire() }
    #expect(log.fired == [7, 10])
  }

  @Test func `keeps a timer's place when it moves later`() {
    var queue = TimerQueue()
    let timer = Timer {}
    for deadline in 100...1000 as ClosedRange<UInt64> { queue.set(timer, to: Instant(nanoseconds: deadline)) }
    #expect(queue.count == 1)
    #expect(queue.next == Instant(nanoseconds: 100))
    #expect(queue.due(at: Instant(nanoseconds: 999)) == nil)
    #expect(queue.next == Instant(nanoseconds: 1000))
    #expect(queue.due(at: Instant(nanoseconds: 1000)) != nil)
    #expect(queue.count == 0)
  }

  @Test func `holds nothing for a timer that never fires`() {
    var queue = TimerQueue()
    let timer = Timer {}
    queue.set(timer, to: .never)
    #expect(queue.count == 0 && queue.next == .never)
    queue.set(timer, to: Instant(nanoseconds: 5))
    queue.set(timer, to: .never)
    #expect(queue.due(at: Instant(nanoseconds: 10)) == nil)
    #expect(queue.count == 0 && queue.next == .never)
    queue.remove(timer)
    queue.remove(timer)
    #expect(queue.count == 0)
  }

  @Test func `lets a callback set and remove timers`() {
    // Safe to share: callbacks run on this thread, between two calls of `due`.
    final class Shared { var queue = TimerQueue() }
    let shared = Shared()
    let log = Log()
    let third = Timer { log.fired.append(3) }
    let second = Timer { log.fired.append(2) }
    let first = Timer {
      log.fired.append(1)
      shared.queue.remove(second)
      shared.queue.set(third, to: Instant(nanoseconds: 4))
      while let fire = shared.queue.due(at: Instant(nanoseconds: 5)) { fire() }
    }
    shared.queue.set(first, to: Instant(nanoseconds: 1))
    shared.queue.set(second, to: Instant(nanoseconds: 2))
    while let fire = shared.queue.due(at: Instant(nanoseconds: 5)) { fire() }
    #expect(log.fired == [1, 3])
  }
}
