extension MongoAccountStore {
  package func record(_ events: [AccountEvent]) throws(AccountError) {
    guard !events.isEmpty else { return }
    try prepare()
    let documents = events.map { event in
      BSON.members([
        "_id": .int64(positions.next()), "at": .seconds(event.at),
        "subject": event.subject.map { .string($0) } ?? .null,
        "factor": .string(event.factor.rawValue), "outcome": .string(event.outcome.rawValue),
        "address": event.address.map { .string($0) } ?? .null,
      ])
    }
    guard try connection.run(.write, ["insert": "events", "documents": .array(documents)]) != nil else {
      throw AccountError(.busy, "an event's position was taken", advice: "Try again")
    }
  }

  package func events(of subject: String, limit: Int) throws(AccountError) -> [AccountEvent] {
    let documents = try batch([
      "find": "events", "filter": ["subject": .string(subject)], "sort": ["_id": .int32(-1)],
      "limit": .int64(Int64(limit)), "batchSize": .int64(Int64(limit)), "singleBatch": .bool(true),
    ])
    var events: [AccountEvent] = []
    for document in documents { events.append(try Self.event(document)) }
    return events
  }

  package func events(
    after position: Int64, limit: Int
  ) throws(AccountError) -> [(position: Int64, event: AccountEvent)] {
    let documents = try batch([
      "find": "events", "filter": ["_id": ["$gt": .int64(position)]], "sort": ["_id": .int32(1)],
      "limit": .int64(Int64(limit)), "batchSize": .int64(Int64(limit)), "singleBatch": .bool(true),
    ])
    var events: [(position: Int64, event: AccountEvent)] = []
    for document in documents { events.append((document["_id"]?.integer ?? 0, try Self.event(document))) }
    return events
  }

  /// The record goes before the account: cut between the two, it can be asked for again.
  package func forget(
    _ id: AccountID, names: [String], _ tombstone: AccountEvent
  ) throws(AccountError) -> Bool {
    try prepare()
    guard try account(id) != nil else { return false }
    let subjects = ([id.text] + names).map { BSON.string($0) }
    _ = try delete("events", ["subject": ["$in": .array(subjects)]])
    _ = try delete("strikes", ["_id": ["$in": .array(names.map { .string(Strikes.name(ofLogin: $0)) })]])
    guard try delete("accounts", ["_id": .string(id.text)]) == 1 else { return false }
    try record([tombstone])
    return true
  }

  private static func event(_ document: BSON) throws(AccountError) -> AccountEvent {
    guard let at = document["at"]?.date, let factor = document["factor"]?.string.flatMap(AccountEvent.Factor.init),
      let outcome = document["outcome"]?.string.flatMap(AccountEvent.Outcome.init)
    else { throw AccountError(.damaged, "an event of an account can't be read", advice: "Restore a backup") }
    return AccountEvent(
      at: at / 1_000, subject: document["subject"]?.string, factor: factor, outcome: outcome,
      address: document["address"]?.string)
  }
}
