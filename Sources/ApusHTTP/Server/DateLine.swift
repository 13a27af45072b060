import ApusIO

/// The `Date` line, made once a second and shared by a loop's connections.
final class DateLine {
  private var bytes: [UInt8] = []
  private var validUntil = Instant(nanoseconds: 0)

  func line(at now: Instant) -> [UInt8] {
    if now >= validUntil {
      let wall = WallClock.now()
      bytes = HTTPDate.line(wall.seconds)
      validUntil = now + .nanoseconds(1_000_000_000 - wall.nanoseconds)
    }
    return bytes
  }
}
