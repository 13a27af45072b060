import ApusAccess
import ApusHTTP
import ApusIO
import ApusModel
import ApusStore
import ApusTelemetry
import Synchronization

/// Says who calls, and whether they may.
package final class Gatekeeper: Sendable {
  let account: AdminAccount
  private let tokens: TokenStore
  private let issuers: IssuerTable
  private let trusted: TrustedProxies
  private let throttle = Mutex(AttemptThrottle())
  private let policy = AccessPolicy()
  private let log: Log

  init(_ account: AdminAccount, _ tokens: TokenStore, _ issuers: IssuerTable, trusted: TrustedProxies, log: Log) {
    self.log = log
    self.account = account
    self.tokens = tokens
    self.issuers = issuers
    self.trusted = trusted
  }

  // MARK: - The gateway's own routes

  /// Who calls a route that has that need, if they may.
  ///
  /// A token that is for one function passes here if it has the scope: which function the call is about, only the call
  /// says. `admit(_:_:about:)` must follow.
  func admit(_ exchange: Exchange, _ need: AccessNeed) async throws(AccessRefusal) -> Caller {
    if need == .nothing { return .anonymous }
    let field = AuthorizationField(exchange.head.fields)
    let caller: Caller =
      switch field {
      case .absent: .anonymous
      case .rejected, .other: .unproven
      case .basic(let name, let password): try admin(name, password, address(of: exchange))
      case .bearer(let text): try await bearer(text, address(of: exchange))
      }
    if case .scope(let scope, nil) = need, case .token(_, _, let only?) = caller {
      try admit(caller, .scope(scope, function: only))
    } else {
      try admit(caller, need)
    }
    return caller
  }

  /// Refuses a token that is for another function than the one that the call is about; nil is about more than one.
  func admit(_ caller: Caller, _ need: AccessNeed, about function: FunctionName?) throws(AccessRefusal) {
    guard case .scope(let scope, _) = need else { return }
    try admit(caller, .scope(scope, function: function))
  }

  private func admit(_ caller: Caller, _ need: AccessNeed) throws(AccessRefusal) {
    if case .refused(let refusal) = policy.decide(caller, need) { throw refusal }
  }

  // MARK: - Calls of functions

  /// Who calls `function`, if they may. Who calls a function that is open to all is the function's own question.
  ///
  /// Not inlined, so that the frame of a call that asks nobody has no room for it.
  @inline(never)
  func admit(
    _ exchange: Exchange, to function: FunctionName, _ access: FunctionAccess, _ question: IssuerTable.Question
  ) async throws(AccessRefusal) -> Caller {
    guard case .jwt(let issuer) = access, case .bearer(let text) = AuthorizationField(exchange.head.fields),
      !TokenStore.isToken(text)
    else { return try await admit(exchange, .call(function, access)) }
    let caller = try await holder(of: text, issuer, address(of: exchange), question)
    try admit(caller, .call(function, access))
    return caller
  }

  /// Who calls a function that is open to all, as far as credentials of this gateway say so: functions have routes for
  /// operators, too. What else is in `Authorization` is the function's own affair.
  @inline(never)
  func recognise(_ exchange: Exchange, at function: FunctionName) async throws(AccessRefusal) -> Caller {
    switch AuthorizationField(exchange.head.fields) {
    case .bearer(let text) where TokenStore.isToken(text):
      let caller = try await bearer(text, address(of: exchange))
      if case .token(_, _, let only?) = caller, only != function { return .unproven }
      return caller
    case .basic(let name, let password): return adminOrAnybody(name, password, address(of: exchange))
    default: return .anonymous
    }
  }

  /// The administrator, if these are their credentials. Else anybody: the name and password may be the function's own,
  /// so they are not refused; but a password of ours that can be guessed is guarded here as at any other door.
  private func adminOrAnybody(_ name: String, _ password: String, _ address: String?) -> Caller {
    if account.isUnguessable {
      return account.matches(name: name, password: password) ? .admin(name: name) : .anonymous
    }
    guard account.isNamed(name), case .admin? = try? admin(name, password, address) else { return .anonymous }
    return .admin(name: name)
  }

  private func holder(
    of text: String, _ issuer: FunctionName, _ address: String?, _ question: IssuerTable.Question
  ) async throws(AccessRefusal) -> Caller {
    switch try await issuers.verify(text, of: issuer, question) {
    case .holds(let token): return .subject(id: token.subject, scopes: token.scopes, issuer: issuer)
    case .fails(let reason):
      // Who has an old token, or one for something else, errs; who has one that nobody signed is trying.
      if reason == .signature { try failed(address) }
      throw .tokenFails(issuer, reason)
    }
  }

  // MARK: - Credentials

  // Whoever shares an address with somebody who guesses must not wait for it: what is right and could not have been
  // guessed is let in whatever the throttle says. Only what is wrong is told to wait.

  /// Asked, compared and counted in one turn of the lock, so that a hundred attempts at once are a hundred attempts.
  private func admin(_ name: String, _ password: String, _ address: String?) throws(AccessRefusal) -> Caller {
    let now = Instant.now()
    let verdict = throttle.withLock { throttle -> Result<Bool, AccessRefusal> in
      let verdict = throttle.check(address: address, name: name, now: now)
      let isHeard = verdict == .allowed || account.isUnguessable
      if isHeard, account.matches(name: name, password: password) {
        throttle.succeeded(address: address, name: name, now: now)
        return .success(true)
      }
      if case .wait(let seconds) = verdict { return .failure(.throttled(seconds: seconds)) }
      throttle.failed(address: address, name: name, now: now)
      return .success(false)
    }
    if try verdict.get() { return .admin(name: name) }
    note(address)
    return .unproven
  }

  private func bearer(_ text: String, _ address: String?) async throws(AccessRefusal) -> Caller {
    let verdict: TokenStore.Verdict
    do {
      verdict = try await offload { [tokens] in try tokens.verify(text, at: .now()) }
    } catch {
      throw AccessRefusal(
        status: 500, code: "state", text: "the token can't be checked", advice: "the gateway's log says why")
    }
    switch verdict {
    case .accepted(let token):
      return .token(id: token.id, scopes: ScopeSet(token.scopes), function: token.function)
    // Its bearer knows the secret: that is no guess.
    case .expired: return .unproven
    case .unknown:
      try failed(address)
      return .unproven
    }
  }

  /// Counts a failure, or has its caller wait: asked and counted in one turn of the lock.
  private func failed(_ address: String?) throws(AccessRefusal) {
    let now = Instant.now()
    let verdict = throttle.withLock { throttle in
      let verdict = throttle.check(address: address, name: nil, now: now)
      if verdict == .allowed { throttle.failed(address: address, name: nil, now: now) }
      return verdict
    }
    if case .wait(let seconds) = verdict { throw .throttled(seconds: seconds) }
    note(address)
  }

  /// Never the name: it may be a password that was typed in the wrong place.
  private func note(_ address: String?) {
    log.warning("failed sign-in", ["client": .string(address ?? "unknown")])
  }

  /// The caller's, as far as it can be known: all who come through one proxy must not pay for one of them.
  private func address(of exchange: Exchange) -> String? {
    let peer = exchange.peer?.unmapped.host
    guard let peer, trusted.contains(peer) else { return peer }
    return trusted.client(forwardedFor: exchange.head.fields.values("X-Forwarded-For"), peer: peer)
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
