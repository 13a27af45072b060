import CLinux

/// The time of day, in UTC. For dates that people and protocols read; never for measuring.
package struct WallClock: Sendable, Equatable {
  /// Since 1970.
  package var seconds: Int64
  package var nanoseconds: Int64

  package init(seconds: Int64, nanoseconds: Int64 = 0) {
    self.seconds = seconds
    self.nanoseconds = nanoseconds
  }

  package static func now() -> WallClock {
    let time = apus_wall_nanoseconds()
    return WallClock(seconds: Int64(time / 1_000_000_000), nanoseconds: Int64(time % 1_000_000_000))
  }
}
