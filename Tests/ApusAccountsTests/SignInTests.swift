import ApusAccess
import ApusAccounts
import ApusIO
import ApusJSON
import Instruments
import Testing

@Suite struct `A sign-in` {
  @Test func `gives a token that says who it is, for fifteen minutes`() async throws {
    let desk = try Desk()
    let made = try await desk.create("Ada")
    let signedIn = try await desk.signIn(made, login: "ADA")
    let keys = try KeySet(jwks: try TokenIssuer.keySet(desk.accounts.keys).serialise())
    let rules = JSONWebToken.Rules(issuer: "apus:openfaas-fn/authenticate", audience: "apus", leeway: 0)
    let token = try JSONWebToken(signedIn.token, keys: keys, rules: rules, now: desk.time.now)
    #expect(token.subject == made.account.text)
    #expect(token.login == "Ada")
    #expect(token.expires == desk.time.seconds + 900)
    #expect(token.issuedAt == desk.time.seconds)
    #expect(token.id != nil && token.sessionID != nil)
    #expect(signedIn.credentialsExpireAt == made.expiresAt)
    #expect(signedIn.daysLeft == nil && signedIn.renewal == nil)
  }

  @Test func `with anything wrong is refused in one way`() async throws {
    let desk = try Desk()
    let made = try await desk.create()
    let other = try await desk.create("bob")
    try await desk.signIn(made)
    desk.time.advance(60)
    let attempts: [(String?, String?, String?)] = [
      (made.password + "x", nil, nil), (other.password, nil, nil), ("", nil, nil), (nil, "000000", nil),
      (nil, desk.code(other), nil), (nil, desk.code(made, ahead: 1), nil), (nil, desk.code(made, ahead: -2), nil),
      (nil, "", nil), (nil, nil, "nobody"), (nil, nil, "a:b"), (nil, nil, ""),
    ]
    for (password, code, login) in attempts {
      let refusal = try await desk.refusal {
        try await desk.signIn(made, password: password, code: code, login: login)
      }
      #expect(refusal == .notSignedIn)
      try desk.accounts.store.clearStrikes()
    }
    try await desk.signIn(made)
  }

  @Test func `costs the store the same steps and one hash, whatever is wrong`() async throws {
    let (store, keeper) = try StoreKind.sqlite.make()
    let counted = CountedStore(store)
    let desk = try Desk(store: counted, keeper: keeper)
    let made = try await desk.create()
    let off = try await desk.create("bob")
    _ = try await desk.accounts.setDisabled("bob", true, from: nil)
    _ = try await desk.accounts.reserve("carla", from: nil)
    let attempts: [(NewCredentials, String?, String?, String?)] = [
      (made, nil, nil, "nobody"), (made, "wrong", nil, nil), (made, nil, "000000", nil), (made, "wrong", "000000", nil),
      (off, nil, nil, nil), (made, nil, nil, "carla"), (made, nil, nil, ""),
    ]
    var seen: [[String]] = []
    for (credentials, password, code, login) in attempts {
      _ = counted.takeSteps()
      let refusal = try await desk.refusal {
        try await desk.signIn(credentials, password: password, code: code, login: login)
      }
      #expect(refusal == .notSignedIn)
      // A login that can't be one is not looked up.
      seen.append(counted.takeSteps().filter { login != "" || $0 != "account(named:)" })
      try store.clearStrikes()
    }
    for steps in seen.dropLast() { #expect(steps == seen[0]) }
    #expect(seen[0].filter { $0 == "account(named:)" }.count == 1)
  }

  @Test func `uses a code up`() async throws {
    let desk = try Desk()
    let made = try await desk.create()
    let code = desk.code(made)
    try await desk.signIn(made, code: code)
    #expect(try await desk.refusal { try await desk.signIn(made, code: code) } == .notSignedIn)
    // The step before the one that was used is used, too.
    #expect(
      try await desk.refusal { try await desk.signIn(made, code: desk.code(made, ahead: -1)) } == .notSignedIn)
    desk.time.advance(30)
    try await desk.signIn(made)
  }

  @Test(arguments: StoreKind.available)
  func `is one of many at once with one code`(kind: StoreKind) async throws {
    let desk = try Desk(kind) { $0.hashesAtOnce = 2 }
    let made = try await desk.create()
    let code = desk.code(made)
    let outcomes = try await withThrowingTaskGroup(of: AccountRefusal?.self) { group in
      for _ in 0..<5 {
        group.addTask { try await desk.refusal { try await desk.signIn(made, code: code) } }
      }
      return try await group.reduce(into: [AccountRefusal?]()) { $0.append($1) }
    }
    #expect(outcomes.filter { $0 == nil }.count == 1)
    #expect(outcomes.filter { $0 == .notSignedIn }.count == 4)
  }

  @Test func `takes the code before only where that is permitted`() async throws {
    for isStrict in [false, true] {
      let desk = try Desk { $0.isStrict = isStrict }
      let made = try await desk.create()
      let refusal = try await desk.refusal { try await desk.signIn(made, code: desk.code(made, ahead: -1)) }
      #expect(refusal == (isStrict ? .notSignedIn : nil))
    }
  }

  @Test func `says so in the last thirty days, and may renew`() async throws {
    let desk = try Desk { $0.credentialLife = .seconds(31 * 86_400) }
    let made = try await desk.create()
    #expect(try await desk.signIn(made).daysLeft == nil)
    for days in [30, 7, 1, 0] as [Int64] {
      desk.time.advance(31 * 86_400 - days * 86_400 - (desk.time.seconds - 1_800_000_000) - 60)
      let expected = days
      let signedIn = try await desk.signIn(made)
      #expect(signedIn.daysLeft == expected)
      #expect(signedIn.renewal != nil)
    }
  }

  @Test func `with expired credentials is good for new ones alone`() async throws {
    let desk = try Desk { $0.credentialLife = .seconds(86_400) }
    let old = try await desk.create()
    try await desk.signIn(old)
    desk.time.advance(86_400)
    // Whoever has one factor alone does not learn it.
    #expect(try await desk.refusal { try await desk.signIn(old, password: "wrong") } == .notSignedIn)
    #expect(try await desk.refusal { try await desk.signIn(old, code: "000000") } == .notSignedIn)
    let renewal = try await desk.renewal { try await desk.signIn(old) }
    // A lost answer locks nobody out: the renewal may be sent again, and the pair before is void.
    let lost = try await desk.accounts.renew(renewal, from: nil)
    let new = try await desk.accounts.renew(renewal, from: nil)
    desk.time.advance(30)
    #expect(try await desk.refusal { try await desk.signIn(lost) } == .notSignedIn)
    _ = try await desk.renewal { try await desk.signIn(old) }
    try await desk.signIn(new)
    desk.time.advance(30)
    #expect(try await desk.refusal { try await desk.signIn(old) } == .notSignedIn)
    #expect(try await desk.refusal { try await desk.accounts.renew(renewal, from: nil) } == .gone)
  }

  @Test func `after a renewal that nobody used is as before`() async throws {
    let desk = try Desk { $0.credentialLife = .seconds(20 * 86_400) }
    let old = try await desk.create()
    let renewal = try #require(try await desk.signIn(old).renewal)
    let new = try await desk.accounts.renew(renewal, from: nil)
    desk.time.advance(900)
    #expect(try await desk.refusal { try await desk.signIn(new) } == .notSignedIn)
    #expect(try await desk.refusal { try await desk.accounts.renew(renewal, from: nil) } == .gone)
    try await desk.signIn(old)
  }

  @Test func `with a recovery code works once for each, and offers new credentials`() async throws {
    let desk = try Desk()
    let made = try await desk.create()
    let signedIn = try await desk.signIn(made, recoveryCode: made.recoveryCodes[2])
    #expect(signedIn.renewal != nil)
    #expect(
      try await desk.refusal { try await desk.signIn(made, recoveryCode: made.recoveryCodes[2]) } == .notSignedIn)
    _ = try await desk.signIn(made, recoveryCode: made.recoveryCodes[3].lowercased())
  }

  @Test func `renews a weak hash`() async throws {
    let desk = try Desk()
    let made = try await desk.create()
    var account = try #require(try desk.accounts.store.account(made.account))
    let weak = try Oracle.run(
      "argon2 saltsaltsaltsalt -id -t 2 -k 19456 -p 1 -l 32 -e", input: Array(made.password.utf8))
    account.pair?.password = PasswordHash(stored: String(weak.prefix { $0 != "\n" }))
    #expect(try desk.accounts.store.replace(account))
    try await desk.signIn(made)
    let after = try #require(try desk.accounts.store.account(made.account)?.pair)
    #expect(!after.password.isOutdated)
    #expect(after.password.matches(made.password))
  }

  @Test func `is recorded without a secret`() async throws {
    let desk = try Desk()
    let made = try await desk.create()
    try await desk.signIn(made)
    _ = try await desk.refusal { try await desk.signIn(made, password: "hunter2", code: "123456") }
    _ = try await desk.refusal { try await desk.signIn(made, login: "nobody") }
    let all = try desk.accounts.store.events(after: 0, limit: 100).map(\.event)
    #expect(all.map(\.outcome) == [.succeeded, .succeeded, .refused, .refused])
    #expect(all.allSatisfy { $0.address == "192.0.2.0/24" })
    #expect(all[2].subject == made.account.text)
    let text = "\(all)"
    for secret in ["hunter2", "123456", "nobody", made.password] { #expect(!text.contains(secret)) }
  }
}
