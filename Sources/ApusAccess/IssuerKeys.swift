package import ApusIO
import Synchronization

/// One issuer's keys, shared by all loops: they are fetched once for all who ask meanwhile.
package final class IssuerKeys: Sendable {
  private struct State {
    var cache = KeySetCache()
    var waits: [Wait] = []
  }
  private let state = Mutex(State())

  package init() {}

  /// The key called `id`; nil if the issuer has none of that name.
  ///
  /// - Parameter fetch: begins to fetch the keys, and sees to it that `ended` is called with the number.
  /// - Throws: a refusal where nobody can say whether there is such a key.
  package func key(
    _ id: String, before deadline: Instant, on loop: Loop, fetch: (Int) -> Void
  ) async throws(AccessRefusal) -> VerificationKey? {
    while true {
      let wait = Wait()
      switch ask(id, wait) {
      case .found(let key): return key
      case .unknown: return nil
      case .unavailable(let seconds): throw .issuerUnavailable(seconds: seconds)
      case .fetch(let number): fetch(number)
      case .wait: break
      }
      await wait.untilEnd(by: deadline, on: loop)
      if Instant.now() >= deadline { throw .issuerUnavailable(seconds: 1) }
    }
  }

  private func ask(_ id: String, _ wait: Wait) -> KeySetCache.Answer {
    state.withLock { state in
      let answer = state.cache.key(id, now: .now())
      switch answer {
      case .fetch, .wait: state.waits.append(wait)
      case .found, .unknown, .unavailable: break
      }
      return answer
    }
  }

  /// The fetch of that number brought `keys`, or failed.
  package func ended(_ fetch: Int, _ keys: KeySet?) {
    let waits = state.withLock { state in
      if let keys {
        state.cache.fetched(keys, fetch: fetch, now: .now())
      } else {
        state.cache.failed(fetch: fetch)
      }
      defer { state.waits.removeAll() }
      return state.waits
    }
    for wait in waits { wait.end() }
  }
}
