package import ApusIO

extension WallClock {
  /// Nanoseconds since 1970.
  package var sinceEpoch: Int64 { seconds &* 1_000_000_000 &+ nanoseconds }
}
