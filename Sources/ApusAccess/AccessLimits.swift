/// Every limit of this module, with its reason.
package enum AccessLimits {
  /// Bytes of an `Authorization` value. A token of ours has 54 and a JWT about 500; heads are bounded anyway.
  package static let authorizationBytes = 8_192
  /// Bytes of a JWT: as much as fits into `Authorization`.
  package static let tokenBytes = 8_192
  /// Levels of JSON in a token or a key set; ours have two.
  package static let jsonDepth = 8
  /// Audiences of one token that are looked at.
  package static let audiences = 16
  /// Patterns of functions in one token.
  package static let permissions = 64
  /// Bytes of `kid`, `sub` and the like: they end up in log lines and fields.
  package static let identifierBytes = 128
  /// Seconds by which the clocks of two machines may differ: more would be a longer life of every stolen token.
  package static let leewayMaximum: Int64 = 120
  /// Bytes of a key set.
  package static let keySetBytes = 65_536
  /// Keys in a set: one in use, one coming, one going, and room.
  package static let keys = 16
  /// Bytes of a file that holds a name or a password.
  package static let credentialBytes = 1_024
  /// Addresses, and apart from them names, of which failures are remembered: about 2 MB in all.
  package static let throttledKeys = 8_192
  /// How long keys are used without asking again.
  package static let keyLife: Duration = .seconds(300)
  /// Days that a token of the gateway may live at most, unless it is to live for ever.
  package static let tokenDays: Int64 = 3_650
  /// For a call that asks an issuer for its keys: a start that takes its time, and an answer.
  package static let keyAnswer: Duration = .seconds(15)
  /// Between two fetches, so that invented key ids do not become load on the issuer.
  package static let keyRefetch: Duration = .seconds(10)
  /// How long keys are still used while no fetch succeeds: people stay signed in while the issuer restarts, and a
  /// withdrawn key ends within the hour even if somebody keeps the issuer from answering.
  package static let keyGrace: Duration = .seconds(3_600)
  /// After this a fetch that nobody reported on counts as failed.
  package static let keyFetch: Duration = .seconds(30)
}
