import ApusAccounts
import ApusJSON
import Testing

@Suite struct `An operator` {
  static let otherKey = "//////////////////////////////////////////8="

  @Test func `exports what is kept of a person, without a hash or a sealed field`() async throws {
    let desk = try Desk()
    let made = try await desk.create("Ada")
    try await desk.signIn(made)
    let document = try await desk.accounts.export("ada", from: nil)
    #expect(document["login"]?.stringValue == "Ada")
    #expect(document["state"]?.stringValue == "active")
    #expect(document["events"]?.arrayValue?.count == 2)
    #expect(document["sessions"]?.arrayValue?.count == 1)
    let text = String(decoding: try document.serialise(), as: UTF8.self)
    #expect(!text.contains("argon2"))
  }

  @Test func `purges, and only that somebody was purged remains`() async throws {
    let desk = try Desk()
    let made = try await desk.create("ada")
    try await desk.signIn(made)
    _ = try await desk.create("bob")
    try await desk.accounts.purge("Ada")
    #expect(try await desk.refusal { try await desk.accounts.show("ada") } == .unknownAccount)
    let rest = try desk.accounts.store.events(after: 0, limit: 10).map(\.event)
    #expect(rest.map(\.outcome) == [.succeeded, .purged])
    #expect(rest[1].subject == nil)
    #expect(!"\(rest)".contains(made.account.text))
  }

  @Test func `leaves no name, count or later record of who was purged`() async throws {
    let desk = try Desk(keyText: "old:\(AccountSamples.keyText)")
    let made = try await desk.create("ada")
    let session = try await desk.signIn(made)
    // Who waits is recorded by a name, under the key of that day.
    for _ in 0..<6 { _ = try await desk.refusal { try await desk.signIn(made, password: "wrong") } }
    let both = try Desk(desk, keyText: "new:\(Self.otherKey)\nold:\(AccountSamples.keyText)")
    for _ in 0..<6 { _ = try await desk.refusal { try await both.signIn(made, password: "wrong") } }
    #expect(try desk.accounts.store.events(after: 0, limit: 100).contains { $0.event.outcome == .throttled })
    try await both.accounts.purge("ada")
    _ = try await desk.refusal { try await desk.accounts.refresh(session.refreshToken, from: nil, as: desk.issuer) }
    let rest = try desk.accounts.store.events(after: 0, limit: 100).map(\.event)
    #expect(rest.map(\.outcome) == [.purged, .refused])
    #expect(rest.allSatisfy { $0.subject == nil })
    for name in both.accounts.keys.names(of: "ada") {
      #expect(try desk.accounts.store.strikes(Strikes.name(ofLogin: name)) == .none)
    }
  }

  @Test func `exports that somebody had to wait, and nothing from before the account`() async throws {
    let desk = try Desk()
    let guess = SignIn(login: "ada", password: "x", factor: .recoveryCode("x"))
    for _ in 0..<7 {
      _ = try await desk.refusal { try await desk.accounts.signIn(guess, from: "203.0.113.1", as: desk.issuer) }
    }
    desk.time.advance(3_600)
    _ = try await desk.create("Ada")
    _ = try await desk.refusal { try await desk.accounts.signIn(guess, from: "203.0.113.1", as: desk.issuer) }
    _ = try await desk.refusal { try await desk.accounts.signIn(guess, from: "203.0.113.1", as: desk.issuer) }
    let events = try await desk.accounts.export("ada", from: nil)["events"]?.arrayValue ?? []
    #expect(Set(events.map { $0["outcome"]?.stringValue }) == ["succeeded", "refused", "throttled"])
    #expect(events.first { $0["outcome"]?.stringValue == "throttled" }?["factor"]?.stringValue == "recovery")
    #expect(events.count == 3)
  }

  @Test func `lists accounts behind whole pages of what is none`() async throws {
    let desk = try Desk { $0.revealsTaken = false }
    _ = try await desk.create("ada")
    for _ in 0..<4 { _ = try await desk.create("ada") }
    #expect(try await desk.accounts.list(after: "", limit: 2).map(\.login.text) == ["ada"])
    #expect(try await desk.accounts.list(after: "ada", limit: 2).isEmpty)
  }

  @Test func `is told at the start that the key is another one, unless only some fields are damaged`() async throws {
    let desk = try Desk()
    try desk.accounts.checkKeys()
    let made = try await desk.create("ada")
    _ = try await desk.create("bob")
    try desk.accounts.checkKeys()
    for other in [Self.otherKey, "new:\(Self.otherKey)"] {
      let wrong = try Desk(desk, keyText: other)
      #expect { try wrong.accounts.checkKeys() } throws: { error in
        (error as? AccountError)?.kind == .settings && "\(error)".contains("accounts-key")
      }
    }
    var account = try #require(try desk.accounts.store.account(made.account))
    account.pair?.secret = SealedField(keyID: "1", bytes: [1, 2, 3])
    #expect(try desk.accounts.store.replace(account))
    try desk.accounts.checkKeys()
  }

  @Test func `gives another claim for an account that nobody has signed in to`() async throws {
    let desk = try Desk()
    let lost = try await desk.create("ada")
    let (_, claim) = try await desk.accounts.reset("ada", from: nil)
    #expect(try await desk.refusal { try await desk.signIn(lost) } == .notSignedIn)
    // Longer than the first credentials would have lived.
    desk.time.advance(3_600)
    try await desk.signIn(try await desk.accounts.claim(claim.text, from: nil))
  }

  @Test func `changes the key, and nobody notices`() async throws {
    let desk = try Desk(keyText: "old:\(AccountSamples.keyText)")
    let made = try await desk.create("ada")
    try await desk.signIn(made)
    _ = try await desk.create("bob")
    let both = try Desk(desk, keyText: "new:\(Self.otherKey)\nold:\(AccountSamples.keyText)")
    let first = try await both.accounts.reseal()
    #expect(first.accounts == 2 && first.sealed == 2)
    let again = try await both.accounts.reseal()
    #expect(again.accounts == 2 && again.sealed == 0)
    let after = try Desk(desk, keyText: "new:\(Self.otherKey)")
    desk.time.advance(30)
    try await after.signIn(made)
    // The old key alone opens nothing any more.
    desk.time.advance(30)
    await #expect(throws: AccountError.self) { try await desk.signIn(made) }
  }

  @Test func `moves everything to another store, counted`() async throws {
    let (desk, other) = (try Desk(), try Desk())
    let made = try await desk.create("ada")
    try await desk.signIn(made)
    for number in 0..<3 { _ = try await desk.create("user\(number)") }
    let moved = try await desk.accounts.migrate(to: other.accounts.store)
    #expect(moved.accounts == 4)
    #expect(moved.events == 5)
    other.time.advance(30)
    try await other.signIn(made)
    await #expect(throws: AccountError.self, "a store that is not empty") {
      try await desk.accounts.migrate(to: other.accounts.store)
    }
  }
}
