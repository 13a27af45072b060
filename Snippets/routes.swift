import Apus

struct Account: Codable {
  var id: String
  var owner: String
}

actor Accounts {
  private var accounts: [String: Account] = [:]

  func find(_ id: String) -> Account? { accounts[id] }
  func put(_ account: Account) { accounts[account.id] = account }
}

let accounts = Accounts()

serve(
  Routes()
    .on(.get, "/accounts/:id") { request in
      guard let account = await accounts.find(request.parameters["id"] ?? "") else {
        throw Problem(.notFound, "There is no such account")
      }
      return try .encode(account)
    }
    .on(
      .post, "/accounts",
      Handler { (account: Account) in
        await accounts.put(account)
        return account
      }))
