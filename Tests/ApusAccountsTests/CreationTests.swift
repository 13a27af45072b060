import ApusAccounts
import ApusJSON
import Testing

@Suite struct `A new account` {
  @Test func `is given a password, a secret and recovery codes, for six months`() async throws {
    let desk = try Desk()
    let made = try await desk.create("Ada")
    #expect(made.password.utf8.count == 24)
    #expect(made.enrolment.secret.count == 20)
    #expect(made.enrolment.login == "Ada")
    #expect(made.recoveryCodes.count == 10)
    #expect(made.expiresAt == UTC.adding(months: 6, to: desk.time.seconds))
    #expect(made.activateBefore == desk.time.seconds + 900)
  }

  @Test func `is taken from its making on, and free again when nobody signed in`() async throws {
    let desk = try Desk()
    let first = try await desk.create("Ada")
    #expect(try await desk.refusal { try await desk.create("ada") } == .taken)
    desk.time.advance(899)
    #expect(try await desk.refusal { try await desk.create("ADA") } == .taken)
    desk.time.advance(1)
    #expect(try await desk.refusal { try await desk.signIn(first) } == .notSignedIn)
    let second = try await desk.create("ada")
    try await desk.signIn(second)
    desk.time.advance(86_400)
    #expect(try await desk.refusal { try await desk.create("ada") } == .taken)
  }

  @Test(arguments: StoreKind.available)
  func `is made once when fifty ask for it at once`(kind: StoreKind) async throws {
    let desk = try Desk(kind) { $0.hashesAtOnce = 2 }
    let outcomes = try await withThrowingTaskGroup(of: AccountRefusal?.self) { group in
      for _ in 0..<50 { group.addTask { try await desk.refusal { try await desk.create() } } }
      return try await group.reduce(into: [AccountRefusal?]()) { $0.append($1) }
    }
    #expect(outcomes.filter { $0 == nil }.count == 1)
    #expect(outcomes.filter { $0 == .taken }.count == 49)
  }

  @Test func `that is taken is answered like a free one where nobody is to know, and only one signs in`() async throws {
    let desk = try Desk {
      $0.revealsTaken = false
      $0.hashesAtOnce = 2
    }
    let all = try await withThrowingTaskGroup(of: NewCredentials.self) { group in
      for _ in 0..<12 { group.addTask { try await desk.create() } }
      return try await group.reduce(into: [NewCredentials]()) { $0.append($1) }
    }
    #expect(Set(all.map(\.account)).count == 12)
    var signedIn = 0
    for made in all {
      // Each from elsewhere and a day later, so that no throttle answers instead.
      let network = "198.51.\(signedIn + 100).1"
      if try await desk.refusal({ try await desk.signIn(made, from: network) }) == nil { signedIn += 1 }
      try desk.accounts.store.clearStrikes()
    }
    #expect(signedIn == 1)
    #expect(try await desk.accounts.list(after: "", limit: 10).count == 1)
  }

  @Test func `that is taken costs the store the same steps as a free one, where nobody is to know`() async throws {
    let (store, keeper) = try StoreKind.sqlite.make()
    let counted = CountedStore(store)
    let desk = try Desk(store: counted, keeper: keeper) { $0.revealsTaken = false }
    _ = try await desk.create("ada")
    let free = counted.takeSteps()
    _ = try await desk.create("ada")
    #expect(counted.takeSteps() == free)
    #expect(free.count > 3)
  }

  @Test func `that is taken is no secret to operators`() async throws {
    let desk = try Desk { $0.revealsTaken = false }
    _ = try await desk.create("ada")
    #expect(
      try await desk.refusal { try await desk.accounts.create("ada", from: "192.0.2.1", isOperator: true) } == .taken)
  }

  @Test func `is one of five of a network in an hour`() async throws {
    let desk = try Desk { $0.creationPerHour = 5 }
    for number in 0..<5 { _ = try await desk.create("user\(number)") }
    #expect(try await desk.refusal { try await desk.create("user5") } == .throttled(seconds: 3_600))
    #expect(
      try await desk.refusal { try await desk.accounts.create("user5", from: "192.0.2.200", isOperator: false) }
        == .throttled(seconds: 3_600))
    _ = try await desk.accounts.create("user5", from: "192.0.3.1", isOperator: false)
    _ = try await desk.accounts.create("user6", from: "192.0.2.1", isOperator: true)
    desk.time.advance(3_600)
    _ = try await desk.create("user7")
  }

  @Test func `waits while too many wait for their first sign-in`() async throws {
    let desk = try Desk { $0.pendingAccounts = 2 }
    let first = try await desk.create("one")
    _ = try await desk.create("two")
    #expect(try await desk.refusal { try await desk.create("three") } == .full)
    try await desk.signIn(first)
    _ = try await desk.create("three")
  }

  @Test func `of a login that breaks a rule is not made`() async throws {
    let desk = try Desk()
    #expect(try await desk.refusal { try await desk.create("a:b:c") } == .login(.divider(":")))
  }

  @Test func `does not end where that is asked for`() async throws {
    let desk = try Desk { $0.credentialLife = .unlimited }
    let made = try await desk.create()
    #expect(made.expiresAt == nil)
    desk.time.advance(60)
    let signedIn = try await desk.signIn(made)
    #expect(signedIn.credentialsExpireAt == nil && signedIn.daysLeft == nil && signedIn.renewal == nil)
  }

  @Test func `leaves nothing readable in the file`() async throws {
    let desk = try Desk()
    let made = try await desk.create("ada")
    let account = try #require(try desk.accounts.store.account(made.account))
    let text = String(decoding: try account.document.serialise(), as: UTF8.self)
    #expect(!text.contains(made.password))
    #expect(!text.contains(Base32.encode(made.enrolment.secret)))
    for code in made.recoveryCodes { #expect(!text.contains(code)) }
    #expect(!"\(made)".contains(made.password))
  }
}

@Suite struct `A claim` {
  @Test func `gives credentials once, and they live fifteen minutes from then`() async throws {
    let desk = try Desk()
    let (account, claim) = try await desk.accounts.reserve("ada", from: nil)
    #expect(try await desk.refusal { try await desk.create("ada") } == .taken)
    desk.time.advance(86_399)
    let made = try await desk.accounts.claim(claim.text, from: nil)
    #expect(made.account == account.id)
    #expect(made.activateBefore == desk.time.seconds + 900)
    #expect(try await desk.refusal { try await desk.accounts.claim(claim.text, from: nil) } == .gone)
    desk.time.advance(800)
    try await desk.signIn(made)
    #expect(try await desk.refusal { try await desk.accounts.claim(claim.text, from: nil) } == .gone)
  }

  @Test func `is gone after a day, and the login free`() async throws {
    let desk = try Desk()
    let (_, claim) = try await desk.accounts.reserve("ada", from: nil)
    desk.time.advance(86_400)
    #expect(try await desk.refusal { try await desk.accounts.claim(claim.text, from: nil) } == .gone)
    _ = try await desk.create("ada")
  }

  @Test(arguments: StoreKind.available)
  func `gives credentials to one of many who come at once`(kind: StoreKind) async throws {
    let desk = try Desk(kind)
    let (_, claim) = try await desk.accounts.reserve("ada", from: nil)
    let outcomes = try await withThrowingTaskGroup(of: AccountRefusal?.self) { group in
      for _ in 0..<8 {
        group.addTask { try await desk.refusal { try await desk.accounts.claim(claim.text, from: nil) } }
      }
      return try await group.reduce(into: [AccountRefusal?]()) { $0.append($1) }
    }
    #expect(outcomes.filter { $0 == nil }.count == 1)
    #expect(outcomes.filter { $0 == .gone }.count == 7)
  }

  @Test(arguments: ["", "x", "AQ", String(repeating: "A", count: 50), String(repeating: "A", count: 4_000)])
  func `that never was is gone, too`(text: String) async throws {
    let desk = try Desk()
    #expect(try await desk.refusal { try await desk.accounts.claim(text, from: nil) } == .gone)
  }

  @Test func `of a reset leaves the old pair until the new one is used`() async throws {
    let desk = try Desk()
    let old = try await desk.create()
    try await desk.signIn(old)
    let (_, claim) = try await desk.accounts.reset("Ada", from: nil)
    desk.time.advance(60)
    try await desk.signIn(old)
    let new = try await desk.accounts.claim(claim.text, from: nil)
    desk.time.advance(60)
    _ = try await desk.renewal { try await desk.signIn(old) }
    try await desk.signIn(new)
    desk.time.advance(60)
    #expect(try await desk.refusal { try await desk.signIn(old) } == .notSignedIn)
  }
}
