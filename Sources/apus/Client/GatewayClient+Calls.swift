import ApusHTTP
import ApusJSON
import ApusModel

extension GatewayClient {
  /// How long a token is good for that is made for one call: the gateway looks at it when the call begins.
  private static let tokenLife = "1m"

  /// Runs `body` with the token that lets it call a function; nil if it needs none, or there is none to be had.
  ///
  /// What a gateway does not take for itself it passes on, so that a function which is not private would get the
  /// administrator's password. It is only used to make a token, for this function alone and for a minute.
  func withToken<Result>(for name: FunctionName, _ body: (String?) async throws -> Result) async throws -> Result {
    if let token = place.token { return try await body(token) }
    guard place.authorization != nil, await isForTokens(name), let made = await makeToken(for: name) else {
      return try await body(nil)
    }
    let outcome: Swift.Result<Result, any Error>
    do { outcome = .success(try await body(made.text)) } catch { outcome = .failure(error) }
    // One that can't be revoked ends by itself.
    _ = try? await ask(.delete, "/system/tokens/\(made.id)")
    return try outcome.get()
  }

  private func isForTokens(_ name: FunctionName) async -> Bool {
    let target = "/system/function/\(name.name)?namespace=\(name.namespace)"
    let function = try? await expect(.get, target).json()
    return function?["annotations"]?["com.apus.access"]?.stringValue == "token"
  }

  private func makeToken(for name: FunctionName) async -> (id: String, text: String)? {
    let wish: JSON = [
      "scopes": ["invoke"], "function": .string(name.name), "namespace": .string(name.namespace),
      "expires": .string(Self.tokenLife),
    ]
    let made = try? await expect(.post, "/system/tokens", wish).json()
    guard let id = made?["id"]?.stringValue, let text = made?["token"]?.stringValue else { return nil }
    return (id, text)
  }
}
