package import ApusIO

/// Decides when an issuer's keys are fetched again and what is believed meanwhile.
///
/// Keys are used for 5 minutes. After that, and on a key id that is not among them, one fetch is made, at most every 10
/// seconds. If it fails the keys stay in use, until an hour after they came; then nobody is believed until it succeeds.
package struct KeySetCache: Sendable {
  package enum Answer: Sendable, Equatable {
    case found(VerificationKey)
    /// Fetch the keys, report by `fetched` or `failed` with this number, and ask again.
    case fetch(Int)
    /// Somebody else fetches: ask again when that has ended.
    case wait
    /// The issuer has no such key: the token does not hold.
    case unknown
    /// Whether there is such a key can't be told before `seconds` have passed: 503, not 401.
    case unavailable(seconds: Int)
  }

  private struct Held {
    var keys: KeySet
    var since: Instant
  }

  private var held: Held?
  private var lastAttempt: Instant?
  private var lastAttemptFailed = false
  /// The number of the fetch in flight.
  private var inFlight: Int?
  private var fetches = 0

  package init() {}

  package mutating func key(_ id: String, now: Instant) -> Answer {
    endOverdueFetch(now)
    let isFresh = held.map { now.since($0.since) < AccessLimits.keyLife } ?? false
    let key = held.flatMap { now.since($0.since) < AccessLimits.keyGrace ? $0.keys[id] : nil }
    if isFresh, let key { return .found(key) }
    if inFlight != nil { return .wait }
    let pause = lastAttempt.map { AccessLimits.keyRefetch - now.since($0) } ?? .zero
    if pause <= .zero { return .fetch(begin(now)) }
    if let key { return .found(key) }
    if isFresh, !lastAttemptFailed { return .unknown }
    // Rounded up, so that who waits as told does not come too early.
    return .unavailable(seconds: Int(pause.components.seconds) + (pause.components.attoseconds > 0 ? 1 : 0))
  }

  package mutating func fetched(_ keys: KeySet, fetch: Int, now: Instant) {
    guard end(fetch) else { return }
    held = Held(keys: keys, since: now)
    lastAttemptFailed = false
  }

  package mutating func failed(fetch: Int) {
    guard end(fetch) else { return }
    lastAttemptFailed = true
  }

  private mutating func begin(_ now: Instant) -> Int {
    fetches += 1
    inFlight = fetches
    lastAttempt = now
    return fetches
  }

  /// Whether it is the one in flight: an older one that was given up must not replace newer keys.
  private mutating func end(_ fetch: Int) -> Bool {
    guard inFlight == fetch else { return false }
    inFlight = nil
    return true
  }

  /// The task that fetched may have been cancelled: without this nobody would ever fetch again.
  private mutating func endOverdueFetch(_ now: Instant) {
    guard let inFlight, let lastAttempt, now.since(lastAttempt) >= AccessLimits.keyFetch else { return }
    failed(fetch: inFlight)
  }
}
