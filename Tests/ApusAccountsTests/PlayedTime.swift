import ApusIO
import Synchronization

/// A clock that a test moves.
final class PlayedTime: Sendable {
  private let milliseconds: Mutex<Int64>

  init(_ seconds: Int64 = 1_800_000_000) {
    milliseconds = Mutex(seconds * 1_000)
  }

  var seconds: Int64 { milliseconds.withLock { $0 / 1_000 } }

  func advance(_ seconds: Int64) {
    milliseconds.withLock { $0 += seconds * 1_000 }
  }

  var now: WallClock {
    milliseconds.withLock { WallClock(seconds: $0 / 1_000, nanoseconds: $0 % 1_000 * 1_000_000) }
  }
}
