/// How the call under a lease went; the one place from which metrics are recorded.
package enum LeaseOutcome: Hashable, Sendable {
  /// The replica answered, whatever the status.
  case answered(status: Int)
  /// The replica went away or did not answer in time.
  case failed
  /// The caller left first.
  case callerLeft
  /// Nobody said how: the lease was dropped, as by a thrown error.
  case dropped

  var isAnswered: Bool {
    if case .answered = self { true } else { false }
  }
}
