package import ApusIO

extension Loop {
  /// Runs `body` on this loop and waits for it, whatever thread or actor the caller is on. It knows no cancellation.
  package func perform<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) async throws -> Value {
    try await withUnsafeThrowingContinuation { continuation in
      spawn {
        do {
          continuation.resume(returning: try await body())
        } catch {
          continuation.resume(throwing: error)
        }
      }
    }
  }
}
