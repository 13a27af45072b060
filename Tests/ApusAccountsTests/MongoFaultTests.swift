import ApusAccounts
import DatabaseInstruments
import Synchronization
import Testing

/// Accounts that a store has confirmed.
private final class Confirmed: Sendable {
  private let accounts = Mutex<[Account]>([])

  var all: [Account] { accounts.withLock { $0 } }

  /// How many there are with it.
  func append(_ account: Account) -> Int {
    accounts.withLock { accounts in
      accounts.append(account)
      return accounts.count
    }
  }
}

@Suite(.enabled(if: Mongod.path != nil, "mongod is not here: scripts/test-systems says why"), .serialized)
struct `Accounts in MongoDB` {
  private static let now: Int64 = 1_800_000_000

  @Test func `have indexes that let one login be once and what is over end`() throws {
    let server = try #require(Mongod.shared)
    let uri = server.uri()
    let store = try MongoAccountStore(uri: uri)
    _ = try store.insert(try AccountSamples.account("ada"), at: Self.now, pendingLimit: 10)
    let database = String(uri.split(separator: "/").last?.prefix { $0 != "?" } ?? "")
    func indexes(_ collection: String) throws -> [BSON] {
      try Mongod.run(uri, database: database, ["listIndexes": .string(collection)])["cursor"]?["firstBatch"]?.array
        ?? []
    }
    let accounts = try indexes("accounts")
    #expect(accounts.contains { $0["name"] == "folded" && $0["unique"] == .bool(true) })
    #expect(accounts.contains { $0["name"] == "dies_at" && $0["expireAfterSeconds"]?.integer == 0 })
    #expect(try indexes("events").contains { $0["name"] == "at" && $0["expireAfterSeconds"]?.integer == 34_560_000 })
  }

  @Test func `let nobody in with another password, and say nothing of it`() throws {
    let server = try #require(Mongod.shared)
    let wrong = "mongodb://apus:hunter2@127.0.0.1:\(server.port)/x?replicaSet=rs0&authSource=admin"
    let store = try MongoAccountStore(uri: wrong)
    #expect {
      try store.insert(try AccountSamples.account("ada"), at: Self.now, pendingLimit: 10)
    } throws: { error in
      (error as? AccountError)?.kind == .unavailable && !"\(error)".contains("hunter2")
    }
  }

  @Test func `are not begun where the URI can't be read, and do not repeat it`() {
    #expect { try MongoAccountStore(uri: "mongodb://a:hun:ter2@@/") } throws: { error in
      (error as? AccountError)?.kind == .settings && !"\(error)".contains("ter2")
    }
  }

  /// writers:  insert ─ acknowledged ─ insert ─ acknowledged ─ insert ─ ✗
  /// server:                                            kill -9 ─┘        start
  @Test func `are all there that were confirmed, after the server was killed while it wrote`() async throws {
    let server = try Mongod()
    let uri = server.uri()
    let store = try MongoAccountStore(uri: uri)
    let confirmed = Confirmed()
    await withTaskGroup(of: Void.self) { group in
      for writer in 0..<4 {
        group.addTask {
          for number in 0... {
            guard let account = try? AccountSamples.full("user \(writer) \(number)"),
              (try? store.insert(account, at: Self.now, pendingLimit: 10_000)) == .made
            else { return }
            // In the midst of what the others write.
            if confirmed.append(account) == 200 { server.stop() }
          }
        }
      }
    }
    let expected = confirmed.all
    #expect(expected.count >= 200)
    try server.start()
    try Mongod.run(uri, ["ping": .int32(1)])
    let again = try MongoAccountStore(uri: uri)
    for account in expected { #expect(try again.account(account.id) == account) }
    // Of those that were not confirmed each is whole or not there.
    var all = 0
    var last = ""
    while let page = Optional(try again.accounts(after: last, limit: 100)), let end = page.last {
      all += page.count
      last = end.login.folded
    }
    #expect(all >= expected.count && all <= expected.count + 4)
  }

  @Test func `are not to be had while the primary is down, and nothing is half made`() async throws {
    let server = try Mongod()
    let uri = server.uri()
    let desk = try Desk(store: try MongoAccountStore(uri: uri), keeper: server)
    let made = try await desk.create("ada")
    server.stop()
    let clock = ContinuousClock()
    for _ in 0..<3 {
      let time = await clock.measure {
        await #expect { try await desk.create("bob") } throws: { ($0 as? AccountError)?.kind == .unavailable }
        await #expect { try await desk.signIn(made) } throws: { ($0 as? AccountError)?.kind == .unavailable }
      }
      #expect(time < .seconds(30))
    }
    try server.start()
    try Mongod.run(uri, ["ping": .int32(1)])
    let after = try Desk(store: try MongoAccountStore(uri: uri), keeper: server)
    #expect(try await after.accounts.list(after: "", limit: 10).map(\.login.text) == ["ada"])
    try await after.signIn(made)
    _ = try await after.create("bob")
  }

  @Test func `move from SQLite, counted, and sign in there`() async throws {
    let server = try #require(Mongod.shared)
    let desk = try Desk()
    let made = try await desk.create("ada")
    try await desk.signIn(made)
    for number in 0..<3 { _ = try await desk.create("user\(number)") }
    let target = try MongoAccountStore(uri: server.uri())
    let moved = try await desk.accounts.migrate(to: target)
    #expect(moved.accounts == 4 && moved.events == 5)
    let there = try Desk(store: target, keeper: server)
    there.time.advance(30)
    try await there.signIn(made)
  }
}
