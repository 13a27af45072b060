extension Database {
  /// Copies another program's SQLite file as of one moment, while others go on reading and writing it.
  ///
  /// The file may be hostile: nothing that its schema says is run, no link on the way to it is followed, and whether it
  /// is sound is its owner's business. `target` must not be there yet, and is removed by the caller if this throws.
  package static func copy(foreign source: String, to target: String) throws(StoreError) {
    let from = try Connection(source, .foreign)
    try PrivateFile.makeIfAbsent(target, mode: 0o600)
    let copy = try Connection(target, .write)
    try from.copy(to: copy)
  }
}
