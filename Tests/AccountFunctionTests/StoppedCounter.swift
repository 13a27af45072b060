import Apus
import ApusAccounts
import ApusAccountsHTTP
import ApusTesting
import Authenticate

/// `authenticate` over a store that does not answer.
struct StoppedCounter {
  private let function: TestedFunction

  init() throws {
    let keys = try AccountKeys("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")
    let accounts = Accounts(AccountSettings(), keys, StoppedStore())
    function = TestedFunction(Authenticate.handler(AccountFunction(accounts, trustsGateway: true)))
  }

  func signIn() async throws -> Answer {
    let body = #"{"login":"ada","password":"x","totp":"123456"}"#
    return try await function.call(Request(.post, "/", body: Array(body.utf8)))
  }
}

private struct StoppedStore: AccountStore {
  private let error = AccountError(.unavailable, "nobody answers", advice: "Wait")

  func account(_ id: AccountID) throws(AccountError) -> Account? { throw error }
  func account(named folded: String) throws(AccountError) -> Account? { throw error }
  func insert(_ account: Account, at now: Int64, pendingLimit: Int) throws(AccountError) -> Insertion { throw error }
  func replace(_ account: Account) throws(AccountError) -> Bool { throw error }
  func accounts(after folded: String, limit: Int) throws(AccountError) -> [Account] { throw error }
  func sweep(at now: Int64) throws(AccountError) { throw error }
  func strikes(_ name: String) throws(AccountError) -> Strikes { throw error }
  func change(_ name: String, from old: Strikes, to new: Strikes, until end: Int64) throws(AccountError) -> Bool {
    throw error
  }
  func record(_ events: [AccountEvent]) throws(AccountError) { throw error }
  func events(of subject: String, limit: Int) throws(AccountError) -> [AccountEvent] { throw error }
  func events(after position: Int64, limit: Int) throws(AccountError) -> [(position: Int64, event: AccountEvent)] {
    throw error
  }
  func forget(_ id: AccountID, names: [String], _ tombstone: AccountEvent) throws(AccountError) -> Bool {
    throw error
  }
}
