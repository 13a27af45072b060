import Apus
import ApusAccounts
import ApusAccountsHTTP
import ApusJSON

extension Authenticate {
  /// What operators ask for; every route demands the scope accounts before it does anything.
  static func administered(_ routes: Routes, _ function: AccountFunction) -> Routes {
    routes
      .on(.get, "/admin/accounts", function.administration(Authenticate.list))
      .on(.get, "/admin/accounts/:login", function.administration(Authenticate.show))
      .on(.delete, "/admin/accounts/:login", function.administration(Authenticate.purge))
      .on(.get, "/admin/accounts/:login/export", function.administration(Authenticate.export))
      .on(.post, "/admin/accounts/:login/disable", function.administration(Authenticate.disable))
      .on(.post, "/admin/accounts/:login/enable", function.administration(Authenticate.enable))
      .on(.post, "/admin/accounts/:login/reset", function.administration(Authenticate.reset))
      .on(.post, "/admin/rotate", function.administration(Authenticate.rotate))
      .on(.post, "/admin/migrate", function.administration(Authenticate.migrate))
  }

  private static func login(_ request: Request) -> String { request.parameters["login"] ?? "" }

  private static func list(_ accounts: Accounts, _ request: Request, _ context: Context) async throws -> ApusJSON.JSON {
    let limit = request.queryValue("limit").flatMap { Int($0) } ?? AccountLimits.listRows
    let page = try await accounts.list(after: request.queryValue("after") ?? "", limit: limit)
    let now = accounts.now
    return .array(
      page.map { account in
        var summary = account.summary(at: now)
        // For `after` of the next page.
        summary["folded"] = .string(account.login.folded)
        return summary
      })
  }

  private static func show(_ accounts: Accounts, _ request: Request, _ context: Context) async throws -> ApusJSON.JSON {
    try await accounts.show(login(request)).summary(at: accounts.now)
  }

  private static func purge(_ accounts: Accounts, _ request: Request, _ context: Context) async throws -> ApusJSON.JSON
  {
    try await accounts.purge(login(request))
    return .object([("purged", .bool(true))])
  }

  private static func export(
    _ accounts: Accounts, _ request: Request, _ context: Context
  ) async throws -> ApusJSON.JSON {
    try await accounts.export(login(request), from: context.clientAddress)
  }

  private static func disable(
    _ accounts: Accounts, _ request: Request, _ context: Context
  ) async throws -> ApusJSON.JSON {
    try await accounts.setDisabled(login(request), true, from: context.clientAddress).summary(at: accounts.now)
  }

  private static func enable(
    _ accounts: Accounts, _ request: Request, _ context: Context
  ) async throws -> ApusJSON.JSON {
    try await accounts.setDisabled(login(request), false, from: context.clientAddress).summary(at: accounts.now)
  }

  private static func reset(_ accounts: Accounts, _ request: Request, _ context: Context) async throws -> ApusJSON.JSON
  {
    guard accounts.settings.publicURL != nil else { throw AccountRefusal.noPublicURL }
    let (account, token) = try await accounts.reset(login(request), from: context.clientAddress)
    let link = try ClaimLink(token, accounts.settings, function: "create-account", context)
    return .object([
      ("login", .string(account.login.text)), ("account_id", .string(account.id.text)),
      (
        "claim",
        .object([
          ("url", .string(link.text)),
          ("expires_at", account.claim.map { .string(UTC.text($0.expiresAt)) } ?? .null),
        ])
      ),
    ])
  }

  private static func rotate(
    _ accounts: Accounts, _ request: Request, _ context: Context
  ) async throws -> ApusJSON.JSON {
    let (count, sealed) = try await accounts.reseal()
    return .object([
      ("accounts", .integer(Int64(count))), ("sealed", .integer(Int64(sealed))),
      ("key", .string(accounts.keys.first.id)), ("keys", .array(accounts.keys.keys.map { .string($0.id) })),
    ])
  }

  private static func migrate(
    _ accounts: Accounts, _ request: Request, _ context: Context
  ) async throws -> ApusJSON.JSON {
    let name = try await AccountBody(request, only: ["to_secret"]).text("to_secret")
    guard let location = try AccountFunction.location(name) else {
      throw Problem(
        .unprocessable, "The function was not given that secret",
        detail: "List it under `secrets:` of authenticate in stack.yml, and create it.")
    }
    let target = try await offload { try location.open() }
    let (count, events) = try await accounts.migrate(to: target)
    return .object([("accounts", .integer(Int64(count))), ("events", .integer(Int64(events)))])
  }
}

extension AccountFunction {
  /// A route for operators alone.
  fileprivate func administration(
    _ run: @escaping @Sendable (Accounts, Request, Context) async throws -> ApusJSON.JSON
  ) -> Handler {
    route { function, request, context in
      try function.demandOperator(request)
      do {
        return try .account(try await run(try function.accounts, request, context))
      } catch let error as AccountError where !error.isPassing {
        // Operators are told what others find in the log alone.
        context.log.error("an operator's request failed", ["error": "\(error)"])
        throw Problem(.conflict, error.what, detail: error.advice)
      }
    }
  }
}
