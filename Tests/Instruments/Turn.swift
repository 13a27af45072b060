import Glibc
import Synchronization

/// A thread's wait for another thread.
package final class Turn: Sendable {
  private let passed = Mutex(false)

  package init() {}

  package func pass() { passed.withLock { $0 = true } }

  package func wait() {
    while !passed.withLock({ $0 }) { sched_yield() }
  }
}
