package import Apus
import ApusAccounts
package import ApusAccountsHTTP
import ApusJSON

/// Signs people in, keeps them signed in, and lets operators look after accounts.
package enum Authenticate {
  package static func handler(_ function: AccountFunction) -> Handler {
    let routes = Routes()
      .on(.post, "/", function.route(Authenticate.signIn))
      .on(.post, "/refresh", function.route(Authenticate.refresh))
      .on(.post, "/logout", function.route(Authenticate.logOut))
      .on(.post, "/recovery-codes", function.route(Authenticate.recoveryCodes))
      .on(.get, "/.well-known/jwks.json", function.route(Authenticate.keySet))
    return administered(routes, function).handler
  }

  private static func signIn(
    _ function: AccountFunction, _ request: Request, _ context: Context
  ) async throws -> Response {
    let body = try await AccountBody(request, only: ["login", "password", "totp", "recovery_code"])
    guard body.has("totp") != body.has("recovery_code") else {
      throw Problem(.badRequest, "The content has neither or both of “totp” and “recovery_code”", detail: "Send one.")
    }
    let accounts = try function.accounts
    let factor: SignIn.Factor =
      body.has("totp") ? .totp(try body.text("totp")) : .recoveryCode(try body.text("recovery_code"))
    let attempt = SignIn(login: try body.text("login"), password: try body.text("password"), factor: factor)
    let signedIn = try await accounts.signIn(attempt, from: context.clientAddress, as: issuer(context))
    return try .account(document(signedIn, accounts.settings))
  }

  private static func refresh(
    _ function: AccountFunction, _ request: Request, _ context: Context
  ) async throws -> Response {
    let body = try await AccountBody(request, only: ["refresh_token"])
    let accounts = try function.accounts
    let signedIn = try await accounts.refresh(
      try body.text("refresh_token"), from: context.clientAddress, as: issuer(context))
    return try .account(document(signedIn, accounts.settings))
  }

  private static func logOut(
    _ function: AccountFunction, _ request: Request, _ context: Context
  ) async throws -> Response {
    let body = try await AccountBody(request, only: ["refresh_token"])
    try await function.accounts.logOut(try body.text("refresh_token"))
    return Response(.noContent, headers: ["Cache-Control": "no-store"])
  }

  private static func recoveryCodes(
    _ function: AccountFunction, _ request: Request, _ context: Context
  ) async throws -> Response {
    let body = try await AccountBody(request, only: ["totp"])
    let field = request.headers["Authorization"] ?? ""
    guard field.prefix(7).lowercased() == "bearer " else { throw AccountRefusal.notSignedIn }
    let texts = try await function.accounts.renewRecoveryCodes(
      String(field.dropFirst(7)), totp: try body.text("totp"), from: context.clientAddress, as: issuer(context))
    return try .account(.object([("recovery_codes", .array(texts.map { .string($0) }))]))
  }

  private static func keySet(
    _ function: AccountFunction, _ request: Request, _ context: Context
  ) async throws -> Response {
    var response = try Response.account(TokenIssuer.keySet(try function.accounts.keys))
    // Public, and short-lived enough for a key that is withdrawn.
    response.headers["Cache-Control"] = "public, max-age=300"
    response.headers["Content-Type"] = "application/jwk-set+json"
    return response
  }

  private static func issuer(_ context: Context) -> TokenIssuer {
    TokenIssuer(namespace: context.namespace, function: context.functionName)
  }

  private static func document(_ signedIn: SignedIn, _ settings: AccountSettings) -> ApusJSON.JSON {
    var members: [(key: String, value: ApusJSON.JSON)] = [
      ("token", .string(signedIn.token)), ("token_type", .string("Bearer")),
      ("token_expires_in", .integer(settings.tokenLife)), ("refresh_token", .string(signedIn.refreshToken)),
      ("credentials_expire_at", signedIn.credentialsExpireAt.map { .string(UTC.text($0)) } ?? .null),
      ("warning", signedIn.daysLeft.map { .object([("days_left", .integer($0))]) } ?? .null),
    ]
    if let renewal = signedIn.renewal { members.append(("renewal", .string(renewal))) }
    return .object(members)
  }
}
