import ApusAccounts
import ApusIO
import Testing

/// A place where accounts are made and people sign in, with a clock that the test moves.
struct Desk: Sendable {
  let accounts: Accounts
  let time: PlayedTime
  let issuer = TokenIssuer(namespace: "openfaas-fn", function: "authenticate")
  private let keeper: any Sendable

  init(
    _ kind: StoreKind = .sqlite, keyText: String = AccountSamples.keyText,
    _ change: (inout AccountSettings) -> Void = { _ in }
  ) throws {
    var settings = AccountSettings()
    settings.creationPerHour = 1_000
    change(&settings)
    let (store, keeper) = try kind.make()
    self.keeper = keeper
    let time = PlayedTime()
    self.time = time
    accounts = Accounts(settings, try AccountKeys(keyText), store, clock: { time.now })
  }

  /// Over a store that the test made.
  init(
    store: any AccountStore, keeper: any Sendable, _ change: (inout AccountSettings) -> Void = { _ in }
  ) throws {
    var settings = AccountSettings()
    settings.creationPerHour = 1_000
    change(&settings)
    let time = PlayedTime()
    self.time = time
    self.keeper = keeper
    accounts = Accounts(settings, try AccountSamples.keys(), store, clock: { time.now })
  }

  /// The same store with other keys or settings.
  init(_ other: Desk, keyText: String, _ settings: AccountSettings? = nil) throws {
    let time = other.time
    self.time = time
    keeper = other.keeper
    accounts = Accounts(
      settings ?? other.accounts.settings, try AccountKeys(keyText), other.accounts.store, clock: { time.now })
  }

  /// The code that an app shows `ahead` steps from now.
  func code(_ credentials: NewCredentials, ahead: Int64 = 0) -> String {
    OneTimePassword.code(credentials.enrolment.secret, counter: OneTimePassword.step(at: time.seconds) + ahead)
  }

  func create(_ login: String = "ada") async throws -> NewCredentials {
    try await accounts.create(login, from: "192.0.2.1", isOperator: false)
  }

  @discardableResult
  func signIn(
    _ credentials: NewCredentials, password: String? = nil, code: String? = nil, login: String? = nil,
    from address: String = "192.0.2.1"
  ) async throws -> SignedIn {
    let attempt = SignIn(
      login: login ?? credentials.login.text, password: password ?? credentials.password,
      factor: .totp(code ?? self.code(credentials)))
    return try await accounts.signIn(attempt, from: address, as: issuer)
  }

  func signIn(_ credentials: NewCredentials, recoveryCode: String) async throws -> SignedIn {
    let attempt = SignIn(
      login: credentials.login.text, password: credentials.password, factor: .recoveryCode(recoveryCode))
    return try await accounts.signIn(attempt, from: "192.0.2.1", as: issuer)
  }

  /// Why it was refused; nil if it was not.
  func refusal<Value>(_ body: () async throws -> Value) async throws -> AccountRefusal? {
    do {
      _ = try await body()
      return nil
    } catch let refusal as AccountRefusal {
      return refusal
    }
  }

  /// The renewal that an answer of expiry holds.
  func renewal(_ body: () async throws -> SignedIn) async throws -> String {
    guard case .expired(let renewal, _, _)? = try await refusal(body) else {
      Issue.record("not expired")
      return ""
    }
    return renewal
  }
}
