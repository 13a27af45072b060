import Apus
import ApusAccounts
import ApusAccountsHTTP
import ApusIO
import ApusJSON
import ApusTesting
import Authenticate
import CreateAccount
import Instruments
import Testing

/// Both functions over one store, with a clock that the test moves, as callers see them.
final class Counter: Sendable {
  let accounts: Accounts
  let clock: PlayedClock
  private let folder: ScratchFolder
  private let creating: TestedFunction
  private let signing: TestedFunction
  private static let key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="

  init(trustsGateway: Bool = true, _ change: (inout AccountSettings) -> Void = { _ in }) throws {
    var settings = AccountSettings()
    settings.publicURL = "https://apus.example.org"
    settings.creationPerHour = 1_000
    change(&settings)
    folder = try ScratchFolder()
    let time = PlayedClock()
    clock = time
    let store = try SQLiteAccountStore(path: "\(folder.path)/accounts.db")
    accounts = Accounts(settings, try AccountKeys(Counter.key), store, clock: { time.now })
    let function = AccountFunction(accounts, trustsGateway: trustsGateway)
    creating = TestedFunction(CreateAccount.handler(function), environment: ["OPENFAAS_NAME": "create-account"])
    signing = TestedFunction(Authenticate.handler(function), environment: ["OPENFAAS_NAME": "authenticate"])
  }

  func create(_ body: String, _ path: String = "/", headers: Headers = [:]) async throws -> Answer {
    try await creating.call(Request(.post, path, headers: headers, body: Array(body.utf8)))
  }

  func get(_ path: String) async throws -> Answer { try await creating.call(Request(.get, path)) }

  func authenticate(
    _ method: Apus.Method = .post, _ path: String = "/", _ body: String = "", headers: Headers = [:]
  ) async throws -> Answer {
    let parts = path.split(separator: "?", maxSplits: 1)
    return try await signing.call(
      Request(
        method, String(parts[0]), query: parts.count > 1 ? String(parts[1]) : nil, headers: headers,
        body: Array(body.utf8)))
  }

  /// As the gateway says it of a token with the scope accounts.
  static let asOperator: Headers = ["X-Apus-Subject": "apus:token/1", "X-Apus-Scopes": "read accounts"]

  func signIn(_ made: Made, code: String? = nil) async throws -> Answer {
    try await authenticate(.post, "/", made.signIn(code ?? made.code(at: clock.seconds)))
  }
}
