import ApusAccess
import ApusIO
import Synchronization

/// Numbers for events that grow with the time: microseconds, and ten random bits so that two programs do not meet.
final class EventPositions: Sendable {
  private let last = Mutex<Int64>(0)

  func next() -> Int64 {
    let time = WallClock.now()
    let now = (time.seconds * 1_000_000 + time.nanoseconds / 1_000) << 10 | Int64(Sodium.random(below: 1_024))
    return last.withLock { last in
      // Several in one microsecond, or a clock that was set back.
      last = max(last + 1_024, now)
      return last
    }
  }
}
