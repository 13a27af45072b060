import ApusIO

/// Failures in a row of one generation, and until when no new start is tried.
struct CrashLoop: Sendable {
  private(set) var failures = 0
  private(set) var lastExit: ReplicaExit?
  private(set) var notBefore = Instant(nanoseconds: 0)
  /// Nothing of this generation was ready since the last failure.
  private(set) var isFailing = false
  private var lastFailure: Instant?
  /// Replicas in a row that died under their first calls.
  private var deathsUnderCalls = 0

  func isLooping(_ limits: PoolLimits) -> Bool { failures >= limits.attempts }

  /// `round` is what `failures` was when the replica started: ten that die together are one failure.
  mutating func failed(_ exit: ReplicaExit, round: Int, now: Instant, limits: PoolLimits) {
    lastExit = exit
    lastFailure = now
    isFailing = true
    guard round >= failures else { return }
    failures += 1
    notBefore = now + Self.backOff(failures: failures, limits: limits)
  }

  /// One is ready. Whether it stays so is not known yet, so that the failures still count.
  mutating func becameReady() { isFailing = false }

  /// Under its calls a replica died before it had answered any; whether that counts as a failure.
  ///
  /// It is the call's doing, most likely, and whoever sends such calls must not keep the others out. So many in a row
  /// without an answer are the function's.
  mutating func diedUnderCalls(_ limits: PoolLimits) -> Bool {
    deathsUnderCalls += 1
    return deathsUnderCalls > limits.deathsUnderCalls
  }

  /// A replica's first answer: what came before was its calls' doing.
  mutating func answered() { deathsUnderCalls = 0 }

  /// A replica was ready all the time since: forgets the failures if it came after the last one.
  mutating func wasHealthy(since ready: Instant) {
    deathsUnderCalls = 0
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
