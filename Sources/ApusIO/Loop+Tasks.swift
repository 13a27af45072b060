import Glibc
import Synchronization

// The one file where unstructured tasks are made: every other task is a child of one of these.

extension Loop {
  /// Runs `body` as a task on this loop, and the loop on the calling thread, until the task has ended.
  package func runUntilDone<Value: Sendable>(_ body: sending @escaping () async throws -> Value) throws -> Value {
    let outcome = Outcome<Value>()
    Task(executorPreference: self) {
      do {
        outcome.store(.success(try await body()))
      } catch {
        outcome.store(.failure(error))
      }
      self.stop()
    }
    run()
    guard let result = outcome.result else {
      throw SystemError(ECANCELED, "finish the loop's task", advice: "Something else stopped the loop first")
    }
    return try result.get()
  }

  /// Starts `body` as a task on this loop, for owners that keep count of what they start.
  @discardableResult
  package func spawn(_ body: sending @escaping () async -> Void) -> Task<Void, Never> {
    Task(executorPreference: self) { await body() }
  }

  /// Runs `body` on this loop and waits for it, whatever thread or actor the caller is on. It knows no cancellation.
  package func perform<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) async throws -> Value {
    try await Task(executorPreference: self) { try await body() }.value
  }

  /// Waits until `deadline`, on the loop's thread only.
  ///
  /// - Throws: `CancellationError` as soon as the task is cancelled.
  package func sleep(until deadline: Instant) async throws {
    let sleeper = Sleeper(self)
    try await withTaskCancellationHandler {
      try await sleeper.wait(until: deadline)
    } onCancel: {
      self.execute { sleeper.cancel() }
    }
  }
}

/// The result that a task leaves for the thread that waits for it.
private final class Outcome<Value: Sendable>: Sendable {
  private let stored = Mutex<Result<Value, any Error>?>(nil)

  func store(_ result: Result<Value, any Error>) {
    stored.withLock { $0 = result }
  }

  var result: Result<Value, any Error>? {
    stored.withLock { $0 }
  }
}

/// One sleep: woken by its timer or by a cancellation, whichever comes first.
// Safe because it is touched only by its loop's thread: `cancel` arrives through `execute`.
private final class Sleeper: @unchecked Sendable {
  private let loop: Loop
  private var continuation: UnsafeContinuation<Void, any Error>?
  private var isCancelled = false

  init(_ loop: Loop) {
    self.loop = loop
  }

  func wait(until deadline: Instant) async throws {
    if isCancelled { throw CancellationError() }
    let timer = Timer { [unowned self] in
      self.continuation?.resume()
      self.continuation = nil
    }
    loop.set(timer, to: deadline)
    defer { loop.remove(timer) }
    try await withUnsafeThrowingContinuation { continuation = $0 }
  }

  func cancel() {
    isCancelled = true
    continuation?.resume(throwing: CancellationError())
    continuation = nil
  }
}
