import ApusJSON
import DatabaseInstruments
import Instruments
import Testing

/// The real functions behind the real gateway, with a person's tools: curl, oathtool, and `apus`.
@Suite(.serialized, .enabled(if: Accounts.hasOathtool, "oathtool is not here"))
struct `Accounts behind a gateway` {
  @Test func `are created, signed in to, and let into a private function`() throws {
    let accounts = try Accounts()
    let made = try accounts.create(#"{"login":"Ada"}"#)
    let code = try accounts.code(made)
    let answer = try accounts.signIn(made, code: code)
    try #require(answer.status == 200, "\(answer.body)")
    let token = try #require(try JSON.parse(Array(answer.body.utf8))["token"]?.stringValue)

    let told = try accounts.gateway.bearer(token, "/function/report")
    #expect(told.status == 200, "\(told.body)")
    #expect(RunningGateway.told("X-Apus-Subject", told) == made["account_id"]?.stringValue)
    #expect(RunningGateway.told("Authorization", told) == "")
    #expect(try accounts.gateway.curl("/function/report").status == 401)
    #expect(try accounts.signIn(made, code: code).status == 401, "the same code again")
    #expect(try accounts.post("create-account", #"{"login":"ADA"}"#).status == 409)
  }

  @Test func `are looked after by the tool, and by nobody without the scope`() throws {
    let accounts = try Accounts()
    let made = try accounts.create(#"{"login":"Ada"}"#)
    _ = try accounts.signIn(made)
    let list = try accounts.apus("list")
    #expect(list.status == 0 && list.output.contains("active"), "\(list.output)")
    #expect(try accounts.apus("disable ada").status == 0)
    #expect(try accounts.apus("show ada").output.contains("disabled_by: operator"))
    #expect(try accounts.apus("enable ada").status == 0)
    let link = try accounts.apus("reset ada").output
    #expect(link.contains("https://apus.example.org/function/create-account/claim#"), "\(link)")
    #expect(try accounts.apus("export ada").output.contains("\"events\""))
    #expect(try accounts.apus("rotate --no-change").output.contains("key 1"))
    #expect(try accounts.apus("purge ada").status == 0)
    for verb in ["show", "disable", "reset", "purge"] {
      let unknown = try accounts.apus("\(verb) ada")
      #expect(unknown.status == 1)
      #expect(unknown.output.contains("There is no such account. `apus accounts list` has"), "\(unknown.output)")
      #expect(!unknown.output.contains("{"), "\(unknown.output)")
    }

    let forged = "-H 'X-Apus-Subject: apus:admin/x' -H 'X-Apus-Scopes: accounts'"
    #expect(try accounts.gateway.curl("/function/authenticate/admin/accounts", forged).status == 401)
    let other = try accounts.gateway.token(#""scopes":["invoke","read","deploy"]"#).text
    #expect(try accounts.gateway.bearer(other, "/function/authenticate/admin/accounts").status == 403)
    let elsewhere = try accounts.gateway.token(#""scopes":["accounts"],"function":"report""#).text
    #expect(try accounts.gateway.bearer(elsewhere, "/function/authenticate/admin/accounts").status == 401)
    let right = try accounts.gateway.token(#""scopes":["accounts"]"#).text
    #expect(try accounts.gateway.bearer(right, "/function/authenticate/admin/accounts").status == 200)
  }

  @Test func `get a new key that nobody sees, and their people notice nothing`() throws {
    let accounts = try Accounts()
    let made = try accounts.create(#"{"login":"Ada"}"#)
    let rotated = try accounts.apus("rotate")
    #expect(rotated.status == 0 && rotated.output.contains("sealed anew: 1 fields of 1 accounts"), "\(rotated.output)")
    #expect(try accounts.signIn(made).status == 200)
    // The new key signs, and the gateway asks for it when it meets it.
    let signedIn = try JSON.parse(Array(try accounts.recover(made).body.utf8))
    let token = try #require(signedIn["token"]?.stringValue)
    #expect(try accounts.gateway.bearer(token, "/function/report").status == 200)
    // What it says on the way is on the other stream, which a test reads with this one.
    let said = try accounts.apus("rotate --output json").output
    #expect(said.contains("authenticate has it"), "\(said)")
    let again = try JSON.parse(Array(said.drop { $0 != "{" }.utf8))
    #expect(again["key"]?.stringValue?.hasPrefix("k") == true && again["sealed"]?.integerValue == 1)
  }

  @Test func `keep all their keys where the new one is not taken up in time, and say what to look at`() throws {
    let accounts = try Accounts()
    // One that goes on with what it has, as a version does whose successor does not start.
    let members = #","envProcess":"bash handler.sh","envVars":{"mode":"streaming"}"#
    try accounts.gateway.deploy(
      files: ["handler.sh": #"echo '{"accounts":0,"sealed":0,"key":"1"}'"#], as: "stale", members)
    let rotated = try accounts.apus("rotate --function stale --timeout 1s")
    #expect(rotated.status == 1)
    #expect(rotated.output.contains("waiting until stale has started with it, 1.0 s at most"), "\(rotated.output)")
    #expect(rotated.output.contains("all keys still open. `apus describe stale` says"), "\(rotated.output)")
    _ = try accounts.create(#"{"login":"Ada"}"#)
    #expect(try accounts.apus("rotate").status == 0, "the next one begins anew")
  }

  @Test func `are handed over by a claim that is good once`() throws {
    let accounts = try Accounts()
    let body = #"{"login":"Bob","delivery":"claim"}"#
    #expect(try accounts.post("create-account", body).status == 401)
    let answer = try accounts.gateway.admin("/function/create-account", "-X POST -d '\(body)'")
    try #require(answer.status == 201, "\(answer.body)")
    let url = try #require(try JSON.parse(Array(answer.body.utf8))["claim"]?["url"]?.stringValue)
    let claim = #"{"claim":"\#(url.drop { $0 != "#" }.dropFirst())"}"#
    let first = try accounts.post("create-account/claim", claim)
    #expect(first.status == 201)
    #expect(try accounts.signIn(try JSON.parse(Array(first.body.utf8))).status == 200)
    #expect(try accounts.post("create-account/claim", claim).status == 410)
  }

  @Test(.enabled(if: Mongod.path != nil, "mongod is not here: scripts/test-systems says why"))
  func `move to MongoDB by a secret's name, and are not copied twice`() throws {
    let server = try #require(Mongod.shared)
    let uri = server.uri()
    let accounts = try Accounts()
    let made = try accounts.create(#"{"login":"Ada"}"#)
    let code = try accounts.code(made)
    #expect(try accounts.signIn(made, code: code).status == 200)
    let unknown = try accounts.apus("migrate --to-secret accounts-elsewhere")
    #expect(unknown.status == 1 && unknown.output.contains("was not given that secret"), "\(unknown.output)")

    try accounts.makeSecret("accounts-elsewhere", uri)
    let network = #","com.apus.network":"host""#
    try accounts.deploy(["authenticate"], secrets: ["accounts-elsewhere"], network)
    let moved = try accounts.apus("migrate --to-secret accounts-elsewhere")
    #expect(moved.status == 0 && moved.output.contains("copied and counted: 1 accounts, 2 events"), "\(moved.output)")
    let twice = try accounts.apus("migrate --to-secret accounts-elsewhere")
    #expect(twice.status == 1 && twice.output.contains("holds accounts already"), "\(twice.output)")

    try accounts.makeSecret("accounts-url", uri)
    try accounts.deploy(["create-account", "authenticate"], secrets: ["accounts-url"], network)
    #expect(try accounts.signIn(made, code: code).status == 401, "the code was used before the move")
    #expect(try accounts.recover(made).status == 200)
    #expect(try accounts.post("create-account", #"{"login":"ADA"}"#).status == 409)
    #expect(try accounts.apus("show ada").output.contains("recovery_codes_left: 9"))
    for words in [moved.output, twice.output] { #expect(!words.contains("mongodb://")) }
  }

  @Test func `do not start without their key, nor with another one, and say so`() throws {
    let accounts = try Accounts(isDeployed: false)
    try accounts.deploy(["create-account"])
    _ = try accounts.create(#"{"login":"Ada"}"#)
    let other = try Shell.run("openssl rand -base64 32").output.filter { $0 != "\n" }
    let change = #"-X PUT -d '{"name":"accounts-key","value":"\#(other)"}'"#
    #expect(try accounts.gateway.admin("/system/secrets", change).status < 300)
    // Under names of their own: what served before a version that does not start would go on.
    let volume = #","annotations":{"com.apus.volume.accounts":"/data"}"#
    try accounts.gateway.deploy("authenticate", as: "keyless", volume)
    let missing = try accounts.gateway.admin("/function/keyless/.well-known/jwks.json")
    #expect(missing.status >= 500 && missing.body.contains("accounts-key"), "\(missing.body)")
    try accounts.gateway.deploy("authenticate", as: "stranger", #","secrets":["accounts-key"]"# + volume)
    let wrong = try accounts.gateway.admin("/function/stranger/.well-known/jwks.json")
    #expect(wrong.status >= 500 && wrong.body.contains("opens none of the accounts"), "\(wrong.body)")
    #expect(!wrong.body.contains(other))
  }

  @Test func `do not start over MongoDB without a network, and say which line is missing`() throws {
    let accounts = try Accounts(isDeployed: false)
    guard try accounts.gateway.has("network") else { return }
    try accounts.makeSecret("accounts-url", "mongodb://user:hunter2@db.example.org/accounts")
    try accounts.gateway.deploy(
      "authenticate", as: "authenticate", #","secrets":["accounts-key","accounts-url"]"#)
    let answer = try accounts.gateway.admin("/function/authenticate/.well-known/jwks.json")
    #expect(answer.status >= 500)
    #expect(answer.body.contains("com.apus.network: host"), "\(answer.body)")
    #expect(!answer.body.contains("hunter2"))
  }
}
