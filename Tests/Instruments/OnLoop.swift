package import ApusIO

/// Runs `body` on a loop with a thread of its own, since a test must not block the threads that `offload` needs, and
/// fails if it leaves a descriptor watched. A test that hangs ends the run, and says where it hung.
package func onLoop<Value: Sendable>(
  system: any SystemCalls = KernelCalls.shared, within limit: Duration = .seconds(300),
  file: StaticString = #fileID, line: UInt = #line, _ body: @escaping @Sendable (Loop) async throws -> Value
) async throws -> Value {
  let group = try LoopGroup(count: 1, system: system)
  defer { group.shutDown() }
  let loop = group.loops[0]
  return try await withTaskExecutorPreference(loop) {
    let watchdog = Timer { fatalError("hung for \(limit): the test at \(file):\(line)") }
    loop.set(watchdog, to: .now() + limit)
    defer { loop.remove(watchdog) }
    let value = try await body(loop)
    guard loop.held.sources == 0 else { throw LeftBehind(sources: loop.held.sources) }
    return value
  }
}

/// Descriptors that a test left watched.
private struct LeftBehind: Error, CustomStringConvertible {
  let sources: Int

  var description: String { "\(sources) descriptors are still watched" }
}

/// A fact that one task or callback of a loop leaves for another.
// Safe because each test touches it on one loop's thread only.
package final class Note<Value>: @unchecked Sendable {
  package var value: Value
  private var waiters: [UnsafeContinuation<Void, Never>] = []

  package init(_ value: Value) { self.value = value }

  /// Waits until `condition` holds; `changed` looks again.
  package func wait(until condition: (Value) -> Bool) async {
    while !condition(value) { await withUnsafeContinuation { waiters.append($0) } }
  }

  package func set(_ value: Value) {
    self.value = value
    let woken = waiters
    waiters = []
    for waiter in woken { waiter.resume() }
  }
}
