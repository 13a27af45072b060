import ApusIO
import Synchronization

/// Wakes one waiting task from any thread. Rung while nobody waits, it lets the next wait through at once.
final class Bell: Sendable {
  enum Wake: Sendable {
    case rung
    case expired
    case cancelled
  }

  private struct State {
    var isRung = false
    var isCancelled = false
    var waiter: UnsafeContinuation<Wake, Never>?
  }
  private let state = Mutex(State())

  func ring() { wake(.rung) }

  /// Waits on `loop`, whose thread the caller is on, until somebody rings, `deadline` passes, or the task is cancelled.
  func wait(until deadline: Instant, on loop: Loop) async -> Wake {
    var timer: Timer?
    if deadline != .never {
      let fresh = Timer { [self] in wake(.expired) }
      loop.set(fresh, to: deadline)
      timer = fresh
    }
    defer { if let timer { loop.remove(timer) } }
    return await withTaskCancellationHandler {
      await withUnsafeContinuation { continuation in
        let already: Wake? = state.withLock { state in
          precondition(state.waiter == nil, "two tasks wait for one bell")
          if state.isCancelled { return .cancelled }
          if state.isRung {
            state.isRung = false
            return .rung
          }
          state.waiter = continuation
          return nil
        }
        if let already { continuation.resume(returning: already) }
      }
    } onCancel: {
      wake(.cancelled)
    }
  }

  private func wake(_ how: Wake) {
    let waiter = state.withLock { state in
      if how == .cancelled { state.isCancelled = true }
      let waiter = state.waiter
      state.waiter = nil
      if waiter == nil, how == .rung { state.isRung = true }
      return waiter
    }
    waiter?.resume(returning: how)
  }
}
