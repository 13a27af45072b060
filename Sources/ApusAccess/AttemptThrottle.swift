package import ApusIO

/// Slows down who guesses: some failed attempts are free, then each doubles the wait, by address and by name apart.
///
/// A wrong name counts like a right one, so that nobody learns which exist. While a wait lasts, failures don't count;
/// who owns this decides whether something is looked at all the same. An address from which a name has signed in does
/// not wait for failures of others with that name: else anybody could keep an administrator out. Ask, verify and report
/// in one turn of a lock, or a hundred attempts at once would all be free.
package struct AttemptThrottle: Sendable {
  package struct Policy: Sendable, Equatable {
    /// Failures that are answered as such; with the last of them the first wait begins.
    package let free: Int
    package let firstWait: Duration
    package let longestWait: Duration
    /// Failures are forgotten after this time without another one. More than the longest wait.
    package let memory: Duration

    package init(
      free: Int = 5, firstWait: Duration = .seconds(1), longestWait: Duration = .seconds(900),
      memory: Duration = .seconds(3_600)
    ) {
      self.free = max(0, free)
      self.firstWait = max(.milliseconds(1), firstWait)
      self.longestWait = max(self.firstWait, longestWait)
      self.memory = max(self.longestWait, memory)
    }

    /// The last failure that is free begins the first wait: so many are answered as wrong, and the next is not heard.
    func wait(after failures: Int) -> Duration {
      let first = max(1, free)
      guard failures >= first else { return .zero }
      var wait = firstWait
      for _ in 0..<min(failures - first, 64) where wait < longestWait { wait += wait }
      return min(wait, longestWait)
    }
  }

  package enum Verdict: Sendable, Equatable {
    case allowed
    /// Whole seconds for `Retry-After`, at least 1.
    case wait(seconds: Int)
  }

  private struct Record {
    var failures = 0
    var last = Instant(nanoseconds: 0)
    /// Of an address: the name that signed in from there last.
    var known: Name?
  }

  /// A hash instead of the name, which may be long, and a password typed into the wrong field. The seed is this
  /// process's own, so that nobody can choose names that collide.
  private typealias Name = Int

  private let policy: Policy
  private var addresses: RecencyTable<AttemptSource, Record>
  private var names: RecencyTable<Name, Record>

  package init(policy: Policy = Policy(), capacity: Int = AccessLimits.throttledKeys) {
    self.policy = policy
    addresses = RecencyTable(capacity: capacity)
    names = RecencyTable(capacity: capacity)
  }

  /// Whether an attempt may fail as such. `address` is the client's as `ForwardedFields` has it; `name` is nil for
  /// credentials without one, as tokens are.
  package func check(address: String?, name: String?, now: Instant) -> Verdict {
    let source = addresses.peek(AttemptSource(address))
    let key = name.map(AttemptThrottle.hash)
    var rest = source.map { remaining($0, now) } ?? .zero
    if let key, source?.known != key, let record = names.peek(key) { rest = max(rest, remaining(record, now)) }
    guard rest > .zero else { return .allowed }
    return .wait(seconds: Int(rest.components.seconds) + (rest.components.attoseconds > 0 ? 1 : 0))
  }

  package mutating func failed(address: String?, name: String?, now: Instant) {
    let source = AttemptSource(address)
    addresses.set(source, counted(addresses.peek(source), now))
    guard let key = name.map(AttemptThrottle.hash) else { return }
    names.set(key, counted(names.peek(key), now))
  }

  /// Forgets the failures of this address and of this name.
  package mutating func succeeded(address: String?, name: String?, now: Instant) {
    let source = AttemptSource(address)
    if let key = name.map(AttemptThrottle.hash) {
      names.remove(key)
      addresses.set(source, Record(failures: 0, last: now, known: key))
    } else if var record = addresses.peek(source), record.failures > 0 {
      record.failures = 0
      addresses.set(source, record)
    }
  }

  /// Addresses and names that are remembered.
  package var count: Int { addresses.count + names.count }

  private func counted(_ record: Record?, _ now: Instant) -> Record {
    var record = record ?? Record()
    if now.since(record.last) >= policy.memory { record.failures = 0 }
    // Far more than any wait depends on.
    record.failures = min(record.failures + 1, 1_000_000)
    record.last = now
    return record
  }

  private func remaining(_ record: Record, _ now: Instant) -> Duration {
    max(.zero, policy.wait(after: record.failures) - now.since(record.last))
  }

  private static func hash(_ name: String) -> Name {
    var hasher = Hasher()
    hasher.combine(name)
    return hasher.finalize()
  }
}
