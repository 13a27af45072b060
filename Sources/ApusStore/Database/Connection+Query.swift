extension Connection {
  /// Runs a statement to its end; the number of rows that it changed.
  @discardableResult
  package func run(_ sql: String, _ values: [Statement.Value] = []) throws(StoreError) -> Int {
    let statement = try prepare(sql, values)
    while try statement.step() {}
    return changes
  }

  /// All rows, each as `read` makes it of a statement that stands there.
  package func rows<Row>(
    _ sql: String, _ values: [Statement.Value] = [], _ read: (borrowing Statement) throws(StoreError) -> Row
  ) throws(StoreError) -> [Row] {
    let statement = try prepare(sql, values)
    var rows: [Row] = []
    while try statement.step() { rows.append(try read(statement)) }
    return rows
  }

  /// The first row, if there is one.
  package func first<Row>(
    _ sql: String, _ values: [Statement.Value] = [], _ read: (borrowing Statement) throws(StoreError) -> Row
  ) throws(StoreError) -> Row? {
    let statement = try prepare(sql, values)
    return try statement.step() ? try read(statement) : nil
  }

  /// The one number that a query answers; 0 if it answers none.
  package func number(_ sql: String, _ values: [Statement.Value] = []) throws(StoreError) -> Int64 {
    try first(sql, values) { row throws(StoreError) in try row.integer(0) } ?? 0
  }

  /// What SQLite finds wrong in the file; empty when it is sound.
  func complaints() throws(StoreError) -> [String] {
    let damage = try rows("PRAGMA integrity_check(10)") { row throws(StoreError) in try row.text(0) }
    let orphans = try rows("PRAGMA foreign_key_check") { row throws(StoreError) in
      "a row of \(try row.text(0)) refers to one of \(try row.text(2)) that is not there"
    }
    return damage.filter { $0 != "ok" } + orphans
  }
}
