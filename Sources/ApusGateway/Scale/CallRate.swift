import ApusIO

/// Calls a second over the last few seconds, from a running count read now and then.
struct CallRate: Sendable {
  /// Long enough that one second's luck does not start replicas, short enough to follow a step.
  static let window = Duration.seconds(5)
  /// Readings kept; at one a second the window holds six.
  static let readingsMax = 16

  private var readings: [(count: UInt64, at: Instant)] = []

  /// Takes a reading and answers the rate since the oldest one within the window.
  mutating func read(_ count: UInt64, at now: Instant) -> Double {
    // The one reading before the window stays, or slow readers would see no rate at all.
    let old = readings.dropFirst().prefix { now.since($0.at) >= Self.window }.count
    readings.removeFirst(max(old, readings.count - Self.readingsMax + 1, 0))
    defer { readings.append((count, now)) }
    guard let first = readings.first, now > first.at, count >= first.count else { return 0 }
    return Double(count - first.count) / (now.since(first.at) / .seconds(1))
  }
}
