import ApusAccess

extension AccountKeys {
  /// What stands for a login where it is only counted or recorded: the same for the same login, and no way back.
  package func name(of folded: String) -> String {
    Sodium.base64Text(Array(Sodium.hash(first.naming + Array(folded.utf8)).prefix(15)), .urlUnpadded)
  }
}
