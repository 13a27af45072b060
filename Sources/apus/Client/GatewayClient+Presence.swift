import ApusHTTP
import ApusJSON

extension GatewayClient {
  /// What the gateway says of itself, or why it does not.
  func info() async -> Result<JSON, any Error> {
    do {
      return .success(try await expect(.get, "/system/info").json())
    } catch {
      return .failure(error)
    }
  }

  /// Whether a gateway listens, though it may not know us: this it tells anybody.
  func isThere() async -> Bool {
    (try? await ask(.get, "/healthz").isSuccess) ?? false
  }
}
