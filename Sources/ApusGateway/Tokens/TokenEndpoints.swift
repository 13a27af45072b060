import ApusAccess
import ApusDeployment
import ApusHTTP
import ApusIO
import ApusJSON
import ApusModel
import ApusStore

/// `GET /system/tokens`: what there is, oldest first; nobody can be let in with the answer.
struct TokensEndpoint: Endpoint {
  let tokens: TokenStore

  func answer(_ call: APICall) async throws(APIError) -> APIAnswer {
    let entries = try await stored { [tokens] () throws(StoreError) in try tokens.list() }
    return try .json(.array(entries.map { TokenReport(token: $0).json }))
  }
}

/// `POST /system/tokens`: makes a token. Its text is in this answer and nowhere else.
struct TokenCreationEndpoint: Endpoint {
  let tokens: TokenStore
  let functions: FunctionTable

  func answer(_ call: APICall) async throws(APIError) -> APIAnswer {
    let body = try call.json()
    let scopes = try scopes(call, body)
    let function = try call.text("function", of: body).flatMap { $0.isEmpty ? nil : $0 }
    let name = if let function { try call.functionName(function, body) } else { nil as FunctionName? }
    let now = WallClock.now()
    let end = try end(call, body, now)
    let words = scopes.map(\.rawValue).sorted().joined(separator: " ")
    let entry = AuditEntry(
      at: now, actor: call.actor, action: "create token", subject: name.map { "\(words) of \($0.qualified)" } ?? words)
    let (text, token) = try await stored { [tokens] () throws(StoreError) in
      try tokens.issue(scopes, function: name, expiresAt: end, at: now, audit: entry)
    }
    // It may come yet: a token can be made before its function is deployed.
    let isMissing = name.map { functions[$0] == nil } ?? false
    let warning =
      isMissing ? name.map { "there is no function \($0) yet: until it is deployed the token opens nothing" } : nil
    let report = TokenReport(token: token, text: text, warning: warning)
    var answer = try APIAnswer.json(report.json, status: 201)
    // RFC 6750 section 5.3: nobody on the way shall keep it.
    answer.fields = [(.cacheControl, "no-store")]
    return answer
  }

  private func scopes(_ call: APICall, _ body: JSON) throws(APIError) -> Set<Scope> {
    var problems: [DeploymentProblem] = []
    let words = JSONFields(body, problems: &problems).texts("scopes", &problems).map(\.text)
    guard problems.isEmpty else { throw APIError(status: 400, "bad-json", DeploymentError(problems).description) }
    do throws(ScopeError) {
      let scopes = try ScopeSet(words.joined(separator: " "))
      return Set(Scope.allCases.filter(scopes.contains))
    } catch {
      throw APIError(status: 400, "bad-scope", "\(error)")
    }
  }

  /// Nil for a token that never ends, which somebody has to ask for.
  private func end(_ call: APICall, _ body: JSON, _ now: WallClock) throws(APIError) -> WallClock? {
    var life = TokenLife.usual
    if let text = try call.text("expires", of: body), !text.isEmpty {
      do throws(TokenLifeError) {
        life = try TokenLife(text)
      } catch {
        throw APIError(status: 400, "bad-expires", "\(error)")
      }
    }
    guard case .seconds(let seconds) = life else { return nil }
    return WallClock(seconds: now.seconds + seconds, nanoseconds: now.nanoseconds)
  }
}

/// `DELETE /system/tokens/ID`: from the answer on nobody is let in with it.
struct TokenRevocationEndpoint: Endpoint {
  let tokens: TokenStore

  func answer(_ call: APICall) async throws(APIError) -> APIAnswer {
    let entry = AuditEntry(at: .now(), actor: call.actor, action: "revoke token", subject: call.rest)
    try await stored { [tokens] () throws(StoreError) in try tokens.revoke(call.rest, audit: entry) }
    return APIAnswer(status: 204)
  }
}
