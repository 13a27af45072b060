package import ApusAccess
import ApusHTTP
import ApusIO
import ApusModel
package import ApusStore
import Synchronization

/// Says who calls, and whether they may: one question for each call of the gateway's own routes.
package final class Gatekeeper: Sendable {
  private let credentials: Mutex<AdminCredentials>
  private let tokens: TokenStore
  private let throttle = Mutex(AttemptThrottle())
  private let policy = AccessPolicy()

  package init(_ credentials: AdminCredentials, _ tokens: TokenStore) {
    self.credentials = Mutex(credentials)
    self.tokens = tokens
  }

  /// The caller of a call, if it may do what `need` says.
  func admit(_ exchange: Exchange, _ need: AccessNeed) async throws(AccessRefusal) -> Caller {
    // Who calls a function that is open to all is the function's own question.
    if need == .nothing { return .anonymous }
    if case .call(_, .anyone) = need { return .anonymous }
    let caller = try await caller(AuthorizationField(exchange.head.fields), address: exchange.peer?.host)
    if case .refused(let refusal) = policy.decide(caller, need) { throw refusal }
    return caller
  }

  private func caller(_ field: AuthorizationField, address: String?) async throws(AccessRefusal) -> Caller {
    switch field {
    case .absent: return .anonymous
    case .rejected, .other: return .unproven
    case .basic(let name, let password): return try admin(name, password, address)
    case .bearer(let token): return try await bearer(token, address)
    }
  }

  /// Asked, compared and counted in one turn of the lock, so that a hundred attempts at once are a hundred attempts.
  private func admin(_ name: String, _ password: String, _ address: String?) throws(AccessRefusal) -> Caller {
    let now = Instant.now()
    let verdict = throttle.withLock { throttle -> Result<Bool, AccessRefusal> in
      if case .wait(let seconds) = throttle.check(address: address, name: name, now: now) {
        return .failure(.throttled(seconds: seconds))
      }
      let isRight = credentials.withLock { $0.match(name: name, password: password) }
      if isRight {
        throttle.succeeded(address: address, name: name, now: now)
      } else {
        throttle.failed(address: address, name: name, now: now)
      }
      return .success(isRight)
    }
    return try verdict.get() ? .admin(name: name) : .unproven
  }

  private func bearer(_ text: String, _ address: String?) async throws(AccessRefusal) -> Caller {
    if case .wait(let seconds) = throttle.withLock({ $0.check(address: address, name: nil, now: .now()) }) {
      throw .throttled(seconds: seconds)
    }
    let verdict: TokenStore.Verdict
    do {
      verdict = try await offload { [tokens] in try tokens.verify(text, at: .now()) }
    } catch {
      throw AccessRefusal(
        status: 500, code: "state", text: "the token can't be checked", advice: "the gateway's log says why")
    }
    guard case .accepted(let token) = verdict else {
      throttle.withLock { $0.failed(address: address, name: nil, now: .now()) }
      return .unproven
    }
    return .token(
      id: token.id, scopes: ScopeSet(token.scopes.compactMap { Scope(rawValue: $0.rawValue) }),
      function: token.function)
  }
}

extension APIError {
  init(_ refusal: AccessRefusal) {
    self.init(status: refusal.status, refusal.code, refusal.text)
    advice = refusal.advice
    if let challenge = refusal.challenge { fields.append((.wwwAuthenticate, challenge)) }
    if let seconds = refusal.retryAfter { fields.append((.retryAfter, "\(seconds)")) }
  }
}
