import Apus
import ApusAccounts
import ApusJSON
import ApusTesting
import Instruments
import Testing

@Suite struct `authenticate` {
  @Test func `signs in, refreshes and logs out`() async throws {
    let counter = try Counter()
    let made = try Made(try await counter.create(#"{"login":"Ada"}"#))
    let answer = try await counter.signIn(made)
    #expect(answer.status == .ok && answer.headers["Cache-Control"] == "no-store")
    let json = try answer.json
    #expect(json["token_type"]?.stringValue == "Bearer" && json["token_expires_in"]?.integerValue == 900)
    #expect(json["credentials_expire_at"]?.stringValue == "2027-07-15T08:00:00Z")
    #expect(json["warning"]?.isNull == true && json["renewal"] == nil)
    let refresh = try #require(json["refresh_token"]?.stringValue)
    let next = try await counter.authenticate(.post, "/refresh", #"{"refresh_token":"\#(refresh)"}"#)
    #expect(next.status == .ok)
    let last = try #require(try next.json["refresh_token"]?.stringValue)
    let out = try await counter.authenticate(.post, "/logout", #"{"refresh_token":"\#(last)"}"#)
    #expect(out.status == .noContent)
    let after = try await counter.authenticate(.post, "/refresh", #"{"refresh_token":"\#(last)"}"#)
    #expect(after.status == .unauthorized)
  }

  @Test func `refuses whatever is wrong with the same answer`() async throws {
    let counter = try Counter()
    let made = try Made(try await counter.create(#"{"login":"Ada"}"#))
    let disabled = try Made(try await counter.create(#"{"login":"Carla"}"#))
    _ = try await counter.signIn(disabled)
    _ = try await counter.accounts.setDisabled("carla", true, from: nil)
    counter.clock.advance(30)
    let code = made.code(at: counter.clock.seconds)
    let bodies = [
      made.signIn(("totp", code), password: "wrong"), made.signIn("000000"), made.signIn(("recovery_code", "AAAA")),
      #"{"login":"nobody","password":"x","totp":"123456"}"#, #"{"login":"","password":"","totp":""}"#,
      disabled.signIn(disabled.code(at: counter.clock.seconds)),
    ]
    var answers: [(Int, String, [String])] = []
    for body in bodies {
      let answer = try await counter.authenticate(.post, "/", body)
      answers.append((answer.status.code, answer.text, answer.headers.all.map { "\($0.name): \($0.value)" }))
      try counter.accounts.store.sweep(at: 1_900_000_000)
    }
    for answer in answers {
      #expect(answer.0 == 401)
      #expect(answer.1 == answers[0].1)
      #expect(answer.2 == answers[0].2)
    }
  }

  @Test func `says that credentials have expired to who has both, with a renewal`() async throws {
    let counter = try Counter { $0.credentialLife = .seconds(3_600) }
    let old = try Made(try await counter.create(#"{"login":"Ada"}"#))
    #expect(try await counter.signIn(old).json["warning"]?["days_left"]?.integerValue == 0)
    counter.clock.advance(3_600)
    let answer = try await counter.signIn(old)
    #expect(answer.status == .forbidden && answer.problem == "expired")
    #expect(try answer.json["credentials_expire_at"]?.stringValue == "2027-01-15T09:00:00Z")
    let renewal = try #require(try answer.json["renewal"]?.stringValue)
    let new = try Made(try await counter.create(#"{"renewal":"\#(renewal)"}"#))
    #expect(new.login == "Ada" && new.password != old.password && new.secret != old.secret)
    #expect(try await counter.signIn(new).status == .ok)
    let gone = try await counter.create(#"{"renewal":"\#(renewal)"}"#)
    #expect(gone.status == .gone)
  }

  @Test func `survives any content`() async throws {
    let counter = try Counter()
    var random = SeededRandom(6)
    let samples = [
      ("/", #"{"login":"ada","password":"x","totp":"123456"}"#),
      ("/", #"{"login":"ada","password":"x","recovery_code":"A"}"#),
      ("/refresh", #"{"refresh_token":"AwAB"}"#), ("/logout", #"{"refresh_token":"AwAB"}"#),
      ("/recovery-codes", #"{"totp":"123456"}"#),
    ]
    for number in 0..<300 {
      let (path, sample) = samples[number % samples.count]
      var body = Array(sample.utf8)
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        let index = Int.random(in: 0..<body.count, using: &random)
        if Bool.random(using: &random) {
          body[index] = UInt8.random(in: 0...255, using: &random)
        } else {
          body.remove(at: index)
        }
      }
      let answer = try await counter.authenticate(
        .post, path, String(decoding: body, as: UTF8.self), headers: ["Authorization": "Bearer \(sample)"])
      #expect([204, 400, 401, 429].contains(answer.status.code), "\(path) \(answer.status)")
    }
  }

  @Test func `makes the sixth wait, whoever it is`() async throws {
    let counter = try Counter()
    for _ in 0..<5 {
      let answer = try await counter.authenticate(.post, "/", #"{"login":"nobody","password":"x","totp":"123456"}"#)
      #expect(answer.status == .unauthorized)
    }
    let answer = try await counter.authenticate(.post, "/", #"{"login":"nobody","password":"x","totp":"123456"}"#)
    #expect(answer.status == .tooManyRequests && answer.headers["Retry-After"] == "1")
  }

  @Test func `gives new recovery codes to who is signed in and shows a code`() async throws {
    let counter = try Counter()
    let made = try Made(try await counter.create(#"{"login":"Ada"}"#))
    let token = try #require(try await counter.signIn(made).json["token"]?.stringValue)
    counter.clock.advance(30)
    let body = #"{"totp":"\#(made.code(at: counter.clock.seconds))"}"#
    #expect(try await counter.authenticate(.post, "/recovery-codes", body).status == .unauthorized)
    let answer = try await counter.authenticate(
      .post, "/recovery-codes", body, headers: ["Authorization": "Bearer \(token)"])
    #expect(answer.status == .ok)
    #expect(try answer.json["recovery_codes"]?.arrayValue?.count == 10)
  }

  @Test(.enabled(if: Oracle.succeeds("/usr/bin/python3 -c 'import jwt, cryptography'"), "PyJWT is not here"))
  func `signs what PyJWT believes by its key set`() async throws {
    let counter = try Counter()
    let made = try Made(try await counter.create(#"{"login":"Ada"}"#))
    let token = try #require(try await counter.signIn(made).json["token"]?.stringValue)
    let keys = try await counter.authenticate(.get, "/.well-known/jwks.json")
    #expect(keys.headers["Content-Type"] == "application/jwk-set+json")
    let script = """
      import jwt, json
      keys = jwt.PyJWKSet.from_dict(json.loads('''\(keys.text)'''))
      token = "\(token)"
      key = keys[jwt.get_unverified_header(token)["kid"]].key
      lax = {"verify_exp": False, "verify_iat": False}
      claims = jwt.decode(token, key, algorithms=["EdDSA"], audience="apus", options=lax)
      print(claims["iss"], claims["login"], claims["exp"] - claims["iat"], len(claims["jti"]), len(claims["sid"]))
      """
    let said = try Oracle.run("/usr/bin/python3 -", input: Array(script.utf8))
    #expect(said == "apus:openfaas-fn/authenticate Ada 900 24 13\n")
  }

  @Test func `answers 503 while accounts can not be had, and nothing is half done`() async throws {
    let counter = try Counter()
    let function = try StoppedCounter()
    let answer = try await function.signIn()
    #expect(answer.status == .serviceUnavailable && answer.headers["Retry-After"] == "5")
    withExtendedLifetime(counter) {}
  }
}

@Suite struct `The operators' routes` {
  private func ask(_ counter: Counter, _ method: Apus.Method, _ path: String) async throws -> Answer {
    try await counter.authenticate(method, path, headers: Counter.asOperator)
  }

  @Test(
    arguments: [
      ("GET", "/admin/accounts"), ("GET", "/admin/accounts/ada"), ("DELETE", "/admin/accounts/ada"),
      ("GET", "/admin/accounts/ada/export"), ("POST", "/admin/accounts/ada/disable"),
      ("POST", "/admin/accounts/ada/enable"), ("POST", "/admin/accounts/ada/reset"), ("POST", "/admin/rotate"),
      ("POST", "/admin/migrate"),
    ])
  func `are closed to everybody else`(method: String, path: String) async throws {
    let counter = try Counter()
    _ = try await counter.create(#"{"login":"ada"}"#)
    let method = Apus.Method(stringLiteral: method)
    #expect(try await counter.authenticate(method, path).status == .unauthorized)
    let other: Headers = ["X-Apus-Subject": "someone", "X-Apus-Scopes": "read deploy invoke"]
    #expect(try await counter.authenticate(method, path, headers: other).status == .forbidden)
    #expect(try await counter.accounts.show("ada").disabled == nil)
  }

  @Test func `list, show, disable, enable, reset, export and purge`() async throws {
    let counter = try Counter()
    let made = try Made(try await counter.create(#"{"login":"Élise M"}"#))
    _ = try await counter.signIn(made)
    let path = "/admin/accounts/%C3%89lise%20M"
    #expect(try await ask(counter, .get, "/admin/accounts").json[0]?["login"]?.stringValue == "Élise M")
    #expect(try await ask(counter, .get, "/admin/accounts?limit=1&after=z").json.arrayValue?.count == 1)
    #expect(try await ask(counter, .get, path).json["state"]?.stringValue == "active")
    #expect(try await ask(counter, .post, path + "/disable").json["state"]?.stringValue == "disabled")
    counter.clock.advance(30)
    #expect(try await counter.signIn(made).status == .unauthorized)
    #expect(try await ask(counter, .post, path + "/enable").json["state"]?.stringValue == "active")
    counter.clock.advance(30)
    #expect(try await counter.signIn(made).status == .ok)
    let url = try #require(try await ask(counter, .post, path + "/reset").json["claim"]?["url"]?.stringValue)
    let token = url.drop { $0 != "#" }.dropFirst()
    let new = try Made(try await counter.create(#"{"claim":"\#(token)"}"#, "/claim"))
    #expect(try await counter.signIn(new).status == .ok)
    #expect(try await ask(counter, .get, path + "/export").json["events"]?.arrayValue?.isEmpty == false)
    #expect(try await ask(counter, .post, "/admin/rotate").json["sealed"]?.integerValue == 0)
    #expect(try await ask(counter, .delete, path).status == .ok)
    #expect(try await ask(counter, .get, path).problem == "no-such-account")
  }
}
