/// Runs `work`, which computes or blocks, on the program's other threads, so that the caller's loop goes on meanwhile.
///
/// The pool is the language's own: as many threads as cores, started when first needed.
package func offload<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
  try await withTaskExecutorPreference(globalConcurrentExecutor) { try work() }
}
