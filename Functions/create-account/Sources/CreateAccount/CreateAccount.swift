package import Apus
import ApusAccounts
package import ApusAccountsHTTP

/// Gives credentials out: to people who ask for an account, who hold a claim, or whose credentials have expired.
package enum CreateAccount {
  package static func handler(_ function: AccountFunction) -> Handler {
    Routes()
      .on(.post, "/", function.route(CreateAccount.create))
      .on(.get, "/claim", function.route { function, _, _ in ClaimPage.page(try CreateAccount.life(function)) })
      .on(.get, "/claim.js", function.route { function, _, _ in ClaimPage.script(try CreateAccount.life(function)) })
      .on(.get, "/claim.css", ClaimPage.style)
      .on(.post, "/claim", function.route(CreateAccount.claim))
      .handler
  }

  private static func life(_ function: AccountFunction) throws -> SpokenTime {
    SpokenTime(try function.accounts.settings.pendingLife)
  }

  private static func create(
    _ function: AccountFunction, _ request: Request, _ context: Context
  ) async throws -> Response {
    let form = AnswerForm(request)
    let body = try await AccountBody(request, only: ["login", "renewal", "delivery", "qr_size"])
    let pixels = try body.number(
      "qr_size", in: AccountLimits.codePixels, default: AccountLimits.usualCodePixels)
    guard body.has("login") != body.has("renewal") else {
      throw Problem(.badRequest, "The content has neither or both of “login” and “renewal”", detail: "Send one.")
    }
    let accounts = try function.accounts
    if body.has("renewal") {
      try form.demandJSON()
      let made = try await accounts.renew(try body.text("renewal"), from: context.clientAddress)
      return try .account(made.document(pixels: pixels), .created)
    }
    let login = try body.text("login")
    switch try body.textOrNil("delivery") ?? "direct" {
    case "direct":
      try form.demandJSON()
      let isOperator = function.isOperator(request)
      if accounts.settings.creation == .token { try function.demandOperator(request) }
      let made = try await accounts.create(login, from: context.clientAddress, isOperator: isOperator)
      return try .account(made.document(pixels: pixels), .created)
    case "claim":
      try function.demandOperator(request)
      let form = try form.demandAny()
      guard accounts.settings.publicURL != nil else { throw AccountRefusal.noPublicURL }
      let (account, token) = try await accounts.reserve(login, from: context.clientAddress)
      let link = try ClaimLink(token, accounts.settings, function: context.functionName, context)
      return try ClaimAnswer(account, link, pixels: pixels).response(form)
    default:
      throw Problem(.badRequest, "“delivery” is not known", detail: "Send `direct` or `claim`.")
    }
  }

  private static func claim(
    _ function: AccountFunction, _ request: Request, _ context: Context
  ) async throws -> Response {
    try AnswerForm(request).demandJSON()
    let body = try await AccountBody(request, only: ["claim", "qr_size"])
    let pixels = try body.number(
      "qr_size", in: AccountLimits.codePixels, default: AccountLimits.usualCodePixels)
    let made = try await function.accounts.claim(try body.text("claim"), from: context.clientAddress)
    return try .account(made.document(pixels: pixels), .created)
  }
}
