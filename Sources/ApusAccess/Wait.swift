package import ApusIO
import Synchronization

/// One call that waits for something to happen; whoever ends the wait may be on any thread.
package final class Wait: Sendable {
  private enum State {
    case begun
    case waiting(UnsafeContinuation<Void, Never>)
    case ended
  }
  private let state = Mutex(State.begun)

  package init() {}

  /// Returns when `end` was called, or at `deadline`. On `loop`, once.
  package func untilEnd(by deadline: Instant, on loop: Loop) async {
    let timer = Timer { self.end() }
    loop.set(timer, to: deadline)
    defer { loop.remove(timer) }
    await withUnsafeContinuation { continuation in
      let isOver = state.withLock { state in
        if case .ended = state { return true }
        state = .waiting(continuation)
        return false
      }
      if isOver { continuation.resume() }
    }
  }

  package func end() {
    let waiter = state.withLock { state -> UnsafeContinuation<Void, Never>? in
      defer { state = .ended }
      if case .waiting(let continuation) = state { return continuation }
      return nil
    }
    waiter?.resume()
  }
}
