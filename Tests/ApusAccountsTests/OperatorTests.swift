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
