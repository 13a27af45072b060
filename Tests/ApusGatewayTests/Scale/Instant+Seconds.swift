import ApusIO

extension Instant {
  /// Seconds after a beginning that is not the machine's, so that a forgotten zero shows.
  static func at(_ seconds: Double) -> Instant {
    Instant(nanoseconds: UInt64((1_000_000 + seconds) * 1e9))
  }
}
