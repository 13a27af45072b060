package import ApusIO
internal import Synchronization

/// The work that goes on after answers: counted, and waited for when the function stops.
package final class BackgroundWork: Sendable {
  private struct State {
    var running = 0
    var emptied: UnsafeContinuation<Void, Never>?
  }
  private let loop: Loop
  private let state = Mutex(State())

  package init(_ loop: Loop) {
    self.loop = loop
  }

  func start(_ work: @escaping @Sendable () async -> Void) {
    state.withLock { $0.running += 1 }
    loop.spawn {
      await work()
      self.finishOne()
    }
  }

  private func finishOne() {
    let waiting = state.withLock { state in
      state.running -= 1
      return state.running == 0 ? state.emptied.take() : nil
    }
    waiting?.resume()
  }

  /// Waits until there is none. The program's end cuts what takes longer than the drain allows.
  package func waitUntilDone() async {
    await withUnsafeContinuation { continuation in
      let isDone = state.withLock { state in
        if state.running > 0 { state.emptied = continuation }
        return state.running == 0
      }
      if isDone { continuation.resume() }
    }
  }
}
