/// A point of time at which a loop calls back. Belongs to one loop; move it as often as you like.
///
/// Moving to a later time is one store: the queue keeps the earlier place and looks again when it comes up. So a
/// keep-alive connection that moves its timer with each request costs the heap nothing.
package final class Timer {
  /// When to call; `never` is off.
  fileprivate(set) var deadline = Instant.never
  /// Where the heap has it, which is never later than `deadline`.
  fileprivate var place = Instant.never
  fileprivate var index = -1
  fileprivate let fire: () -> Void

  package init(_ fire: @escaping () -> Void) {
    self.fire = fire
  }
}

/// The timers of one loop: a heap in which each timer knows its place, so that it can leave early. Time is a parameter.
package struct TimerQueue {
  private var heap: [Timer] = []

  package init() {}

  package var count: Int { heap.count }

  /// The earliest time at which `fire` can have something to do.
  package var next: Instant { heap.first?.place ?? .never }

  package mutating func set(_ timer: Timer, to deadline: Instant) {
    timer.deadline = deadline
    guard deadline < timer.place else { return }
    timer.place = deadline
    if timer.index < 0 {
      timer.index = heap.count
      heap.append(timer)
    }
    rise(timer.index)
  }

  /// Takes the timer out; call it when its owner ends.
  package mutating func remove(_ timer: Timer) {
    timer.deadline = .never
    let hole = timer.index
    guard hole >= 0 else { return }
    timer.index = -1
    timer.place = .never
    let last = heap.removeLast()
    guard hole < heap.count else { return }
    heap[hole] = last
    last.index = hole
    rise(hole)
    sink(last.index)
  }

  /// Takes out the timers whose time has come, earliest first, and answers the next one's callback until there is none.
  package mutating func due(at now: Instant) -> (() -> Void)? {
    while let first = heap.first, first.place <= now {
      let deadline = first.deadline
      if deadline == first.place {
        remove(first)
        return first.fire
      }
      // It was moved later: others may be due before it.
      if deadline == .never {
        remove(first)
      } else {
        first.place = deadline
        sink(0)
      }
    }
    return nil
  }

  private mutating func rise(_ from: Int) {
    var index = from
    let timer = heap[index]
    while index > 0 {
      let parent = (index - 1) / 2
      guard timer.place < heap[parent].place else { break }
      heap[index] = heap[parent]
      heap[index].index = index
      index = parent
    }
    heap[index] = timer
    timer.index = index
  }

  private mutating func sink(_ from: Int) {
    var index = from
    let timer = heap[index]
    while true {
      var child = 2 * index + 1
      guard child < heap.count else { break }
      if child + 1 < heap.count, heap[child + 1].place < heap[child].place { child += 1 }
      guard heap[child].place < timer.place else { break }
      heap[index] = heap[child]
      heap[index].index = index
      index = child
    }
    heap[index] = timer
    timer.index = index
  }
}
