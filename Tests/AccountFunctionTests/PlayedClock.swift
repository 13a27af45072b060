import ApusIO
import Synchronization

/// A clock that a test moves.
final class PlayedClock: Sendable {
  private let time = Mutex<Int64>(1_800_000_000)

  var now: WallClock { WallClock(seconds: seconds) }

  var seconds: Int64 { time.withLock { $0 } }

  func advance(_ more: Int64) {
    time.withLock { $0 += more }
  }
}
