import ApusStore

extension SQLiteAccountStore {
  package func record(_ events: [AccountEvent]) throws(AccountError) {
    try change(.processEnd) { connection throws(StoreError) in
      for event in events { try Self.insert(event, connection) }
    }
  }

  package func events(of subject: String, limit: Int) throws(AccountError) -> [AccountEvent] {
    try read { connection throws(StoreError) in
      try connection.rows(
        "SELECT at, subject, factor, outcome, address FROM events WHERE subject = ? ORDER BY id DESC LIMIT ?",
        [.text(subject), .integer(Int64(limit))]
      ) { row throws(StoreError) in try Self.event(row, 0) }
    }
  }

  package func events(
    after position: Int64, limit: Int
  ) throws(AccountError) -> [(position: Int64, event: AccountEvent)] {
    try read { connection throws(StoreError) in
      try connection.rows(
        "SELECT id, at, subject, factor, outcome, address FROM events WHERE id > ? ORDER BY id LIMIT ?",
        [.integer(position), .integer(Int64(limit))]
      ) { row throws(StoreError) in (try row.integer(0), try Self.event(row, 1)) }
    }
  }

  package func forget(
    _ id: AccountID, names: [String], _ tombstone: AccountEvent
  ) throws(AccountError) -> Bool {
    try change { connection throws(StoreError) in
      guard try connection.run("DELETE FROM accounts WHERE id = ?", [.text(id.text)]) == 1 else { return false }
      for subject in [id.text] + names {
        try connection.run("DELETE FROM events WHERE subject = ?", [.text(subject)])
      }
      for name in names {
        try connection.run("DELETE FROM strikes WHERE name = ?", [.text(Strikes.name(ofLogin: name))])
      }
      try Self.insert(tombstone, connection)
      return true
    }
  }

  private static func insert(_ event: AccountEvent, _ connection: Connection) throws(StoreError) {
    try connection.run(
      "INSERT INTO events (at, subject, factor, outcome, address) VALUES (?, ?, ?, ?, ?)",
      [
        .integer(event.at), .text(orNull: event.subject), .text(event.factor.rawValue),
        .text(event.outcome.rawValue), .text(orNull: event.address),
      ])
  }

  private static func event(_ row: borrowing Statement, _ column: CInt) throws(StoreError) -> AccountEvent {
    let (factor, outcome) = (try row.text(column + 2), try row.text(column + 3))
    guard let factor = AccountEvent.Factor(rawValue: factor), let outcome = AccountEvent.Outcome(rawValue: outcome)
    else {
      throw StoreError(.corrupt, "an event of an account can't be read", advice: "Restore a backup")
    }
    return AccountEvent(
      at: try row.integer(column), subject: try row.textOrNull(column + 1), factor: factor, outcome: outcome,
      address: try row.textOrNull(column + 4))
  }
}
