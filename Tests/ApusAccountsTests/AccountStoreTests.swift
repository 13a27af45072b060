import ApusAccounts
import Testing

/// What every driver does. A driver that needs a system that is not here is not in the list.
@Suite struct `An account store` {
  private static let now: Int64 = 1_800_000_000

  private static func event(
    _ subject: String?, at: Int64 = now, _ outcome: AccountEvent.Outcome = .succeeded
  ) -> AccountEvent {
    AccountEvent(at: at, subject: subject, factor: .totp, outcome: outcome, address: "192.0.2.0/24")
  }

  @Test(arguments: StoreKind.available)
  func `gives back what it was given`(kind: StoreKind) throws {
    let (store, keeper) = try kind.make()
    for account in [try AccountSamples.account("ada"), try AccountSamples.full("Élève Straße")] {
      #expect(try store.insert(account, at: Self.now, pendingLimit: 10) == .made)
      #expect(try store.account(account.id) == account)
      #expect(try store.account(named: account.login.folded) == account)
    }
    #expect(try store.account(AccountID.random()) == nil)
    #expect(try store.account(named: "nobody") == nil)
    withExtendedLifetime(keeper) {}
  }

  @Test(arguments: StoreKind.available)
  func `has one account of a login, however it is written`(kind: StoreKind) throws {
    let (store, keeper) = try kind.make()
    #expect(try store.insert(try AccountSamples.account("Ada"), at: Self.now, pendingLimit: 10) == .made)
    #expect(try store.insert(try AccountSamples.account("ADA"), at: Self.now, pendingLimit: 10) == .taken)
    #expect(try store.insert(try AccountSamples.account("ada"), at: Self.now, pendingLimit: 10) == .taken)
    withExtendedLifetime(keeper) {}
  }

  @Test(arguments: StoreKind.available)
  func `gives the login of a dead account to the next`(kind: StoreKind) throws {
    let (store, keeper) = try kind.make()
    let first = try AccountSamples.account("ada", diesAt: Self.now + 10)
    let second = try AccountSamples.account("ada", diesAt: Self.now + 100)
    #expect(try store.insert(first, at: Self.now, pendingLimit: 10) == .made)
    #expect(try store.insert(second, at: Self.now + 9, pendingLimit: 10) == .taken)
    #expect(try store.insert(second, at: Self.now + 10, pendingLimit: 10) == .made)
    #expect(try store.account(named: "ada") == second)
    #expect(try store.account(first.id) == nil)
    withExtendedLifetime(keeper) {}
  }

  @Test(arguments: StoreKind.available)
  func `takes so many pending accounts and no more`(kind: StoreKind) throws {
    let (store, keeper) = try kind.make()
    for login in ["one", "two", "three"] {
      let account = try AccountSamples.account(login, diesAt: Self.now + 10)
      #expect(try store.insert(account, at: Self.now, pendingLimit: 2) == (login == "three" ? .full : .made))
    }
    let late = try AccountSamples.account("three", diesAt: Self.now + 20)
    #expect(try store.insert(late, at: Self.now + 10, pendingLimit: 2) == .made)
    withExtendedLifetime(keeper) {}
  }

  @Test(arguments: StoreKind.available)
  func `makes one account of fifty that come at once`(kind: StoreKind) async throws {
    let (store, keeper) = try kind.make()
    let outcomes = try await withThrowingTaskGroup(of: Insertion.self) { group in
      for _ in 0..<50 {
        group.addTask { try store.insert(try AccountSamples.account("ada"), at: Self.now, pendingLimit: 100) }
      }
      return try await group.reduce(into: [Insertion]()) { $0.append($1) }
    }
    #expect(outcomes.filter { $0 == .made }.count == 1)
    #expect(outcomes.filter { $0 == .taken }.count == 49)
    withExtendedLifetime(keeper) {}
  }

  @Test(arguments: StoreKind.available)
  func `stores a change over the revision that it was made from, and no other`(kind: StoreKind) throws {
    let (store, keeper) = try kind.make()
    var account = try AccountSamples.account("ada", diesAt: Self.now + 10)
    _ = try store.insert(account, at: Self.now, pendingLimit: 10)
    account.diesAt = nil
    account.pair?.lastStep = 60_000_000
    #expect(try store.replace(account))
    let stored = try #require(try store.account(account.id))
    #expect(stored.revision == 2)
    #expect(stored.diesAt == nil)
    #expect(stored.pair?.lastStep == 60_000_000)
    // From revision 1 again.
    #expect(try !store.replace(account))
    #expect(try !store.replace(try AccountSamples.account("bob")))
    withExtendedLifetime(keeper) {}
  }

  /// reader A: revision 1 ─┐         ┌─ replace: one wins
  /// reader B: revision 1 ─┴─ both ──┴─ replace: the other is told
  @Test(arguments: StoreKind.available)
  func `lets one of many changes of one revision win`(kind: StoreKind) async throws {
    let (store, keeper) = try kind.make()
    let account = try AccountSamples.account("ada")
    _ = try store.insert(account, at: Self.now, pendingLimit: 10)
    let wins = try await withThrowingTaskGroup(of: Bool.self) { group in
      for step in 0..<32 {
        group.addTask {
          var mine = account
          mine.pair?.lastStep = Int64(step)
          return try store.replace(mine)
        }
      }
      return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
    #expect(wins == 1)
    withExtendedLifetime(keeper) {}
  }

  @Test(arguments: StoreKind.available)
  func `lists accounts in pages, in the order of their logins`(kind: StoreKind) throws {
    let (store, keeper) = try kind.make()
    for login in ["carla", "Ada", "élise", "bob"] {
      _ = try store.insert(try AccountSamples.account(login), at: Self.now, pendingLimit: 10)
    }
    var seen: [String] = []
    var last = ""
    while let page = Optional(try store.accounts(after: last, limit: 3)), let end = page.last {
      seen += page.map(\.login.folded)
      last = end.login.folded
    }
    #expect(seen == ["ada", "bob", "carla", "élise"])
    withExtendedLifetime(keeper) {}
  }

  @Test(arguments: StoreKind.available)
  func `counts under a name, over what was counted there and nothing else`(kind: StoreKind) throws {
    let (store, keeper) = try kind.make()
    let one = Strikes(count: 1, last: 5)
    #expect(try store.strikes("l:a") == .none)
    #expect(try store.change("l:a", from: .none, to: one, until: Self.now + 10))
    #expect(try !store.change("l:a", from: .none, to: one, until: Self.now + 10))
    #expect(try store.strikes("l:a") == one)
    #expect(try store.strikes("l:b") == .none)
    #expect(try store.change("l:a", from: one, to: Strikes(count: 2, last: 9), until: Self.now + 10))
    #expect(try store.strikes("l:a") == Strikes(count: 2, last: 9))
    #expect(try store.change("l:a", from: Strikes(count: 2, last: 9), to: .none, until: Self.now + 10))
    #expect(try store.change("l:a", from: .none, to: one, until: Self.now + 10))
    withExtendedLifetime(keeper) {}
  }

  @Test(arguments: StoreKind.available)
  func `counts every one of many at once`(kind: StoreKind) async throws {
    let (store, keeper) = try kind.make()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<20 {
        group.addTask {
          while true {
            let old = try store.strikes("l:a")
            let new = Strikes(count: old.count + 1, last: old.last + 1)
            if try store.change("l:a", from: old, to: new, until: Self.now + 10) { return }
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(try store.strikes("l:a").count == 20)
    withExtendedLifetime(keeper) {}
  }

  @Test(arguments: StoreKind.available)
  func `keeps what happened in order, and forgets an account but for a tombstone`(kind: StoreKind) throws {
    let (store, keeper) = try kind.make()
    let account = try AccountSamples.account("ada")
    _ = try store.insert(account, at: Self.now, pendingLimit: 10)
    let id = account.id.text
    try store.record([Self.event(id, .refused), Self.event("stranger", .refused)])
    try store.record([Self.event(id, at: Self.now + 1), Self.event("her name", .throttled)])
    for name in ["her name", "stranger"] {
      let counter = Strikes.name(ofLogin: name)
      #expect(try store.change(counter, from: .none, to: Strikes(count: 1, last: 5), until: Self.now + 10))
    }
    #expect(try store.events(of: id, limit: 10) == [Self.event(id, at: Self.now + 1), Self.event(id, .refused)])
    #expect(try store.events(of: id, limit: 1).count == 1)

    let tombstone = AccountEvent(at: Self.now + 2, subject: nil, factor: .operator, outcome: .purged, address: nil)
    #expect(try store.forget(account.id, names: ["her name", "an older one"], tombstone))
    #expect(try !store.forget(account.id, names: ["stranger"], tombstone))
    #expect(try store.account(account.id) == nil)
    #expect(try store.events(of: id, limit: 10).isEmpty)
    let rest = try store.events(after: 0, limit: 10).map(\.event)
    #expect(rest == [Self.event("stranger", .refused), tombstone])
    #expect(try store.strikes(Strikes.name(ofLogin: "her name")) == .none)
    #expect(try store.strikes(Strikes.name(ofLogin: "stranger")).count == 1)
    withExtendedLifetime(keeper) {}
  }

  @Test(arguments: StoreKind.available)
  func `gives the record in pages`(kind: StoreKind) throws {
    let (store, keeper) = try kind.make()
    let events = (0..<7).map { Self.event("a", at: Self.now + Int64($0)) }
    for event in events { try store.record([event]) }
    var seen: [AccountEvent] = []
    var position: Int64 = 0
    while let page = Optional(try store.events(after: position, limit: 3)), let end = page.last {
      seen += page.map(\.event)
      position = end.position
    }
    #expect(seen == events)
    withExtendedLifetime(keeper) {}
  }

  @Test(arguments: StoreKind.available)
  func `sweeps away what is over`(kind: StoreKind) throws {
    let (store, keeper) = try kind.make()
    let dead = try AccountSamples.account("ada", diesAt: Self.now)
    let alive = try AccountSamples.account("bob", diesAt: Self.now + 1)
    for account in [dead, alive] { _ = try store.insert(account, at: Self.now - 10, pendingLimit: 10) }
    _ = try store.change("l:old", from: .none, to: Strikes(count: 1, last: 1), until: Self.now)
    _ = try store.change("l:new", from: .none, to: Strikes(count: 1, last: 1), until: Self.now + 1)
    try store.record([Self.event("a", at: Self.now - 401 * 86_400), Self.event("a")])
    try store.sweep(at: Self.now)
    #expect(try store.account(dead.id) == nil)
    #expect(try store.account(alive.id) != nil)
    #expect(try store.strikes("l:old") == .none)
    #expect(try store.strikes("l:new").count == 1)
    #expect(try store.events(of: "a", limit: 10).count == 1)
    withExtendedLifetime(keeper) {}
  }
}
