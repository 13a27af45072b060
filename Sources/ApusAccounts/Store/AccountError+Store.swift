import ApusStore

extension AccountError {
  /// What the file's trouble means for who asks for an account.
  init(_ error: StoreError) {
    let kind: Kind =
      switch error.kind {
      case .locked, .taken, .diskFull, .readOnly, .inputOutput, .noAccess: .unavailable
      case .outOfMemory: .outOfMemory
      case .corrupt, .foreign, .newerVersion: .damaged
      default: .misuse
      }
    let reason = error.meaning.isEmpty ? "" : ": \(error.meaning)"
    self.init(kind, error.what + reason, advice: error.advice)
  }
}
