import ApusIO
import ApusJSON
import Synchronization

/// Accounts in MongoDB, for functions on more than one machine: an account is one document, so what changes together is
/// changed by one atomic write, and no transaction is needed.
package final class MongoAccountStore: AccountStore {
  let connection: MongoConnection
  private let isPrepared = Mutex(false)
  let positions = EventPositions()

  /// Takes no connection yet: a database that is down for a moment does not keep a function from starting.
  package init(uri: String) throws(AccountError) {
    connection = try MongoConnection(uri)
  }

  package func account(_ id: AccountID) throws(AccountError) -> Account? {
    try find(["_id": .string(id.text)])
  }

  package func account(named folded: String) throws(AccountError) -> Account? {
    try find(["folded": .string(folded)])
  }

  package func insert(_ account: Account, at now: Int64, pendingLimit: Int) throws(AccountError) -> Insertion {
    try prepare()
    _ = try delete("accounts", ["folded": .string(account.login.folded), "dies_at": ["$lte": .seconds(now)]])
    let waiting =
      try connection.run(
        .read, ["count": "accounts", "query": ["dies_at": ["$gt": .seconds(now)]]])?["n"]?.integer ?? 0
    if waiting >= Int64(pendingLimit) {
      // Whose login is taken is told that, whatever else there is to tell.
      return try self.account(named: account.login.folded) == nil ? .full : .taken
    }
    let reply = try connection.run(.write, ["insert": "accounts", "documents": .array([Self.document(account)])])
    return reply == nil ? .taken : .made
  }

  package func replace(_ account: Account) throws(AccountError) -> Bool {
    try prepare()
    var next = account
    next.revision += 1
    let reply = try connection.run(
      .readAndWrite,
      [
        "findAndModify": "accounts",
        "query": ["_id": .string(account.id.text), "revision": .int64(account.revision)],
        "update": Self.document(next), "fields": ["_id": .int32(1)],
      ])
    return reply?["value"]?["_id"] != nil
  }

  package func accounts(after folded: String, limit: Int) throws(AccountError) -> [Account] {
    let documents = try batch([
      "find": "accounts", "filter": ["folded": ["$gt": .string(folded)]], "sort": ["folded": .int32(1)],
      "limit": .int64(Int64(limit)), "batchSize": .int64(Int64(limit)), "singleBatch": .bool(true),
    ])
    var accounts: [Account] = []
    for document in documents { accounts.append(try Self.account(document)) }
    return accounts
  }

  /// The server's own sweep (TTL indexes) comes once a minute by its clock; this one comes now, by ours.
  package func sweep(at now: Int64) throws(AccountError) {
    try prepare()
    _ = try delete("accounts", ["dies_at": ["$lte": .seconds(now)]])
    _ = try delete("strikes", ["ends_at": ["$lte": .seconds(now)]])
    _ = try delete("events", ["at": ["$lte": .seconds(now - AccountLimits.auditSeconds)]])
  }

  package func strikes(_ name: String) throws(AccountError) -> Strikes {
    let found = try batch(["find": "strikes", "filter": ["_id": .string(name)], "limit": .int32(1)]).first
    guard let count = found?["count"]?.integer, let last = found?["last"]?.integer else { return .none }
    return Strikes(count: count, last: last)
  }

  package func change(
    _ name: String, from old: Strikes, to new: Strikes, until end: Int64
  ) throws(AccountError) -> Bool {
    try prepare()
    let reply = try connection.run(
      .readAndWrite,
      [
        "findAndModify": "strikes",
        "query": ["_id": .string(name), "count": .int64(old.count), "last": .int64(old.last)],
        "update": ["$set": ["count": .int64(new.count), "last": .int64(new.last), "ends_at": .seconds(end)]],
        // Where nothing was counted there may be no document; where there is another one, its name is taken.
        "upsert": .bool(old == .none), "fields": ["_id": .int32(1)],
      ])
    return reply?["lastErrorObject"]?["n"]?.integer == 1
  }

  // MARK: - Documents

  private static func document(_ account: Account) -> BSON {
    var members: [BSON.Member] = [
      BSON.Member("_id", .string(account.id.text)), BSON.Member("folded", .string(account.login.folded)),
      BSON.Member("revision", .int64(account.revision)), BSON.Member("account", BSON(account.document)),
    ]
    if let diesAt = account.diesAt { members.append(BSON.Member("dies_at", .seconds(diesAt))) }
    return .document(members)
  }

  private static func account(_ document: BSON) throws(AccountError) -> Account {
    guard let account = document["account"] else {
      throw AccountError(.damaged, "a stored account is no document", advice: "Restore a backup")
    }
    return try Account(document: account.json)
  }

  private func find(_ filter: BSON) throws(AccountError) -> Account? {
    guard let document = try batch(["find": "accounts", "filter": filter, "limit": .int32(1)]).first else { return nil }
    return try Self.account(document)
  }

  func batch(_ command: KeyValuePairs<String, BSON>) throws(AccountError) -> [BSON] {
    try connection.run(.read, command)?["cursor"]?["firstBatch"]?.array ?? []
  }

  func delete(_ collection: String, _ filter: BSON) throws(AccountError) -> Int64 {
    let one: BSON = ["q": filter, "limit": .int32(0)]
    return try connection.run(.write, ["delete": .string(collection), "deletes": .array([one])])?["n"]?.integer ?? 0
  }

  /// The indexes, before the first write; making those that are there is nothing.
  func prepare() throws(AccountError) {
    if isPrepared.withLock({ $0 }) { return }
    try index("accounts", [("folded", ["folded": .int32(1)], ["unique": .bool(true)])])
    try index("accounts", [("dies_at", ["dies_at": .int32(1)], ["expireAfterSeconds": .int32(0)])])
    try index("strikes", [("ends_at", ["ends_at": .int32(1)], ["expireAfterSeconds": .int32(0)])])
    let life = BSON.int64(AccountLimits.auditSeconds)
    try index("events", [("at", ["at": .int32(1)], ["expireAfterSeconds": life])])
    try index("events", [("subject", ["subject": .int32(1), "_id": .int32(1)], [:])])
    isPrepared.withLock { $0 = true }
  }

  private func index(
    _ collection: String, _ indexes: [(name: String, key: BSON, options: KeyValuePairs<String, BSON>)]
  ) throws(AccountError) {
    let documents = indexes.map { index in
      let options = index.options.map { BSON.Member($0.key, $0.value) }
      return BSON.document([BSON.Member("key", index.key), BSON.Member("name", .string(index.name))] + options)
    }
    _ = try connection.run(.write, ["createIndexes": .string(collection), "indexes": .array(documents)])
  }
}
