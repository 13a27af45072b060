package import ApusIO
package import ApusModel
import Synchronization

/// The logs of all functions, in one folder: `NAMESPACE/NAME/` is a ring.
package final class LogStore: Sendable {
  package let folder: String
  package let limits: LogLimits
  private let queue = FlushQueue()
  private let rings = Mutex<[FunctionName: LogRing]>([:])

  package init(folder: String, limits: LogLimits = LogLimits()) {
    self.folder = folder
    self.limits = limits
  }

  /// The function's ring. It is kept until `remove`, so ask for deployed functions only.
  package func ring(of function: FunctionName) -> LogRing {
    rings.withLock { rings in
      if let ring = rings[function] { return ring }
      // Both parts are DNS labels: neither can leave the folder.
      let ring = LogRing(
        folder: "\(folder)/\(function.namespace)/\(function.name)", limits: limits, system: KernelCalls.shared,
        queue: queue)
      rings[function] = ring
      return ring
    }
  }

  /// Forgets the function's lines, as a deployment that is deleted does. Blocks for a few milliseconds.
  package func remove(_ function: FunctionName) {
    let ring = ring(of: function)
    // Under the lock: a ring made for the same name meanwhile would lose its first lines to our removal.
    rings.withLock { rings in
      ring.remove()
      if rings[function] === ring { rings[function] = nil }
    }
  }

  package var lostLines: UInt64 {
    rings.withLock { $0.values.reduce(0) { $0 &+ $1.lostLines } }
  }

  /// Writes all lines that wait. Blocks.
  package func flush() {
    for ring in queue.take() { ring.flush() }
  }

  /// Flushes, off the loop, whenever lines have waited for a moment; sleeps while nobody logs. Ends when cancelled,
  /// after a last flush.
  package func run(on loop: Loop) async {
    while await queue.work.wait(until: .never, on: loop) == .rung {
      if await queue.haste.wait(until: .now() + limits.flushPause, on: loop) == .cancelled { break }
      // Never throws: the work does not.
      try? await offload { self.flush() }
    }
    try? await offload { self.flush() }
  }
}
