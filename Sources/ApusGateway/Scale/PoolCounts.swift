/// A pool's figures, for metrics, `describe` and decisions.
package struct PoolCounts: Hashable, Sendable {
  package var starting = 0
  package var ready = 0
  package var draining = 0
  package var stopping = 0
  package var waiting = 0
  package var running = 0

  package init(waiting: Int = 0, running: Int = 0) {
    self.waiting = waiting
    self.running = running
  }

  /// Running copies as OpenFaaS's `replicas` means them: all but those that are going.
  package var present: Int { starting + ready }
}
