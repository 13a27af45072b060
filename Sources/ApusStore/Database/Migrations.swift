/// The history of one kind of file, from the empty one to today's.
package struct Migrations: Sendable {
  /// Tells our files from other SQLite files (pragma application_id).
  package let applicationID: Int32
  package let steps: [Migration]

  package init(applicationID: Int32, _ steps: [Migration]) {
    for (index, step) in steps.enumerated() {
      precondition(step.number == Int64(index + 1), "migration \(step.number), “\(step.name)”, stands at \(index + 1)")
    }
    self.applicationID = applicationID
    self.steps = steps
  }

  /// The version that this program makes.
  package var version: Int64 { Int64(steps.count) }

  /// Refuses a file that is not of this kind, or of a later program. Changes nothing.
  func check(_ connection: Connection) throws(StoreError) {
    // In this order: another process may make the file meanwhile, all at once. What is seen after it was empty is then
    // either nothing or ours.
    let isEmpty = try connection.number("SELECT count(*) FROM sqlite_schema") == 0
    let found = try connection.number("PRAGMA user_version")
    let kind = try connection.number("PRAGMA application_id")
    guard kind == Int64(applicationID) || (isEmpty && kind == 0 && found == 0) else {
      throw StoreError(
        .foreign, "\(connection.path) was not made by this program", meaning: "it is another program's SQLite file",
        advice: "Choose another folder with --data, or move the file away")
    }
    guard found <= version else {
      throw StoreError(
        .newerVersion(found: found, known: version), "\(connection.path) has version \(found) of the state",
        meaning: "a newer Apus made it, and this one knows version \(version)",
        advice: "Run that newer Apus, or restore a backup from before it (apus restore)")
    }
  }

  /// Brings the file to today's version, each step whole or not at all; the versions gone through.
  @discardableResult
  func apply(to connection: Connection) throws(StoreError) -> [Int64] {
    try check(connection)
    var done: [Int64] = []
    for step in steps {
      let ran = try connection.transaction(.powerCut) { connection throws(StoreError) in
        // Looked up inside: another process may have been here meanwhile.
        guard try connection.number("PRAGMA user_version") < step.number else { return false }
        try connection.script(step.script)
        try connection.script("PRAGMA user_version = \(step.number); PRAGMA application_id = \(applicationID);")
        return true
      }
      if ran { done.append(step.number) }
    }
    return done
  }
}
