import ApusIO

/// Failures in a row of one generation, and until when no new start is tried.
struct CrashLoop: Sendable {
  private(set) var failures = 0
  private(set) var lastExit: ReplicaExit?
  private(set) var notBefore = Instant(nanoseconds: 0)
  private var lastFailure: Instant?

  func isLooping(_ limits: PoolLimits) -> Bool { failures >= limits.attempts }

  /// `round` is what `failures` was when the replica started: ten that die together are one failure.
  mutating func failed(_ exit: ReplicaExit, round: Int, now: Instant, limits: PoolLimits) {
    lastExit = exit
    lastFailure = now
    guard round >= failures else { return }
    failures += 1
    notBefore = now + Self.backOff(failures: failures, limits: limits)
  }

  /// A replica was ready all the time since: forgets the failures if it came after the last one.
  mutating func wasHealthy(since ready: Instant) {
    guard failures > 0, lastFailure.map({ ready >= $0 }) ?? true else { return }
    self = CrashLoop()
  }

  /// Lets the next start be tried at once, because somebody asked for it.
  mutating func retryNow() { notBefore = Instant(nanoseconds: 0) }

  /// Nothing below the bound of attempts, then doubling.
  static func backOff(failures: Int, limits: PoolLimits) -> Duration {
    guard failures >= limits.attempts else { return .zero }
    // 2^20 first steps are past any maximum in use, and far from overflow.
    let doublings = min(failures - limits.attempts, 20)
    return min(limits.backOffFirst * (1 << doublings), limits.backOffMax)
  }
}
