import ApusAccess

extension AccountKeys.Key {
  fileprivate func name(of folded: String) -> String {
    Sodium.base64Text(Array(Sodium.hash(naming + Array(folded.utf8)).prefix(15)), .urlUnpadded)
  }
}

extension AccountKeys {
  /// What stands for a login where it is only counted or recorded: the same for the same login, and no way back.
  package func name(of folded: String) -> String {
    first.name(of: folded)
  }

  /// The same, as each key has made it.
  package func names(of folded: String) -> [String] { keys.map { $0.name(of: folded) } }
}
