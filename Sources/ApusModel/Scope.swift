/// What a token may be used for.
package enum Scope: String, CaseIterable, Sendable {
  /// To change what runs: functions, artefacts, secrets, namespaces, scale.
  case deploy
  /// To call functions that are not open to everybody.
  case invoke
  /// To look: lists, descriptions, logs.
  case read
  /// To manage the accounts of a function like `authenticate`.
  case accounts
}
