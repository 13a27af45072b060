package import Apus
package import ApusAccounts
import ApusIO
import Synchronization

/// What both functions of accounts stand on: the opened store, who calls, and what refusals become.
package final class AccountFunction: Sendable {
  private let opened: Mutex<Accounts?>
  /// The socket was handed over by the gateway, so the fields about callers are the gateway's own; whoever reaches a
  /// function that runs alone could write them, too.
  private let trustsGateway: Bool

  /// As a test has it.
  package init(_ accounts: Accounts, trustsGateway: Bool) {
    opened = Mutex(accounts)
    self.trustsGateway = trustsGateway
  }

  /// As a deployment has it; `start` opens the accounts.
  private init() {
    opened = Mutex(nil)
    trustsGateway = ProcessEnvironment.current()["APUS_READY_FD"] != nil
  }

  /// A whole program: opens the accounts and answers calls until it is told to end.
  package static func serve(_ handler: (AccountFunction) -> Handler) {
    let function = AccountFunction()
    Apus.serve(handler(function), hooks: Hooks(start: { try await function.start() }))
  }

  /// Reads settings and secrets and opens the store: what can't be used ends the function before any call.
  private func start() async throws {
    let environment = ProcessEnvironment.current()
    let settings = try AccountSettings(environment.values)
    guard let text = try secret("accounts-key").text else {
      throw AccountError(.settings, "the secret accounts-key is no text", advice: "Put `keyid:base64` lines into it")
    }
    let keys = try AccountKeys(text)
    let location = try AccountFunction.location("accounts-url") ?? .usual
    try location.checkNetwork(isStartedByGateway: trustsGateway)
    let open = { @Sendable () throws -> Accounts in
      let accounts = Accounts(settings, keys, try location.open())
      try accounts.checkKeys()
      return accounts
    }
    // A file here and now: the first thread for what blocks takes longer to start than the file to open, and nobody
    // else waits yet.
    let accounts = if case .sqlite = location { try open() } else { try await Apus.offload(open) }
    opened.withLock { $0 = accounts }
  }

  /// Where a secret says that accounts are; nil if there is no such secret.
  package static func location(_ name: String) throws -> AccountStoreLocation? {
    let url: Secret
    do throws(SecretError) {
      url = try secret(name)
    } catch {
      if error.isMissing { return nil }
      throw error
    }
    return try AccountStoreLocation(url.text ?? "")
  }

  package var accounts: Accounts {
    get throws {
      guard let accounts = opened.withLock({ $0 }) else {
        throw AccountError(.misuse, "the accounts are not open", advice: "This is a defect of the program: report it")
      }
      return accounts
    }
  }

  /// Whether the gateway says that the caller's token has the scope accounts, or that it is the administrator.
  package func isOperator(_ request: Request) -> Bool {
    trustsGateway && request.headers.values("X-Apus-Scopes").contains { $0.split(separator: " ").contains("accounts") }
  }

  /// Refuses everybody but operators.
  package func demandOperator(_ request: Request) throws {
    guard isOperator(request) else {
      throw AccountRefusal.notAllowed(isKnown: trustsGateway && request.headers["X-Apus-Subject"] != nil)
    }
  }

  /// A route whose refusals are problems, in JSON whatever the caller accepts: programs read them.
  package func route(
    _ run: @escaping @Sendable (AccountFunction, Request, Context) async throws -> Response
  ) -> Handler {
    Handler { [self] (request: Request, context: Context) async throws -> Response in
      do {
        return try await run(self, request, context)
      } catch let refusal as AccountRefusal {
        return try Response.problem(refusal.problem)
      } catch let error as AccountError where error.isPassing {
        context.log.warning("accounts are not to be had", ["error": "\(error)"])
        return try Response.problem(.unavailable)
      }
    }
  }
}

extension AccountError {
  /// It may be otherwise in a moment.
  package var isPassing: Bool { kind == .unavailable || kind == .busy || kind == .outOfMemory }
}
