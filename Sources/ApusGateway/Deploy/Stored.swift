import ApusIO
import ApusStore

/// Runs `work` on the state away from the loop, and says what went wrong as the API does.
func stored<Value: Sendable>(
  _ work: @escaping @Sendable () throws(StoreError) -> Value
) async throws(APIError) -> Value {
  let outcome: Result<Value, StoreError>
  do {
    outcome = try await offload { Result { () throws(StoreError) in try work() } }
  } catch {
    throw APIError(status: 500, "state", "\(error)")
  }
  do throws(StoreError) {
    return try outcome.get()
  } catch {
    throw APIError(error)
  }
}
