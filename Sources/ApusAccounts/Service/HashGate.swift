import ApusIO
import Glibc
import Synchronization

/// So many password hashes at a time and no more: each takes 46 MiB, and many sign-ins at once must not take all.
package final class HashGate: Sendable {
  /// Four keep the function below 256 MB; fewer where there are fewer processors to hash on, or little memory.
  package static let usualPlaces: Int = {
    let memory = Int(sysconf(CInt(_SC_PHYS_PAGES))) * Int(sysconf(CInt(_SC_PAGESIZE)))
    return max(1, min(4, Int(sysconf(CInt(_SC_NPROCESSORS_ONLN))), memory / 4 / PasswordHash.memoryBytes))
  }()

  private struct Line {
    var free: Int
    var waiting: [CheckedContinuation<Void, Never>] = []
  }

  private let line: Mutex<Line>

  package init(places: Int) {
    line = Mutex(Line(free: max(1, places)))
  }

  /// Runs `work`, which hashes, off the caller's loop once there is a place.
  ///
  /// - Throws: `AccountRefusal.overloaded` if too many wait already; else what `work` throws.
  package func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await enter()
    defer { leave() }
    return try await offload(work)
  }

  private func enter() async throws(AccountRefusal) {
    let isFull = line.withLock { line in
      if line.free > 0 {
        line.free -= 1
        return Optional(false)
      }
      return line.waiting.count >= AccountLimits.waitingForHash ? true : nil
    }
    if let isFull {
      if isFull { throw .overloaded }
      return
    }
    await withCheckedContinuation { continuation in
      let isFreeNow = line.withLock { line in
        if line.free > 0 {
          line.free -= 1
          return true
        }
        line.waiting.append(continuation)
        return false
      }
      if isFreeNow { continuation.resume() }
    }
  }

  private func leave() {
    let next = line.withLock { line -> CheckedContinuation<Void, Never>? in
      if line.waiting.isEmpty {
        line.free += 1
        return nil
      }
      return line.waiting.removeFirst()
    }
    next?.resume()
  }
}
