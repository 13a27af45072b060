/// Why a replica is no more, in words that an operator can use.
package struct ReplicaExit: Hashable, Sendable {
  /// `exit status 1`, `killed by signal 9 (SIGKILL)`, `cannot start: no such file`, …
  package var cause: String
  /// What it last wrote to stderr; only an authenticated caller gets to see it.
  package var lastLines: String

  package init(cause: String, lastLines: String = "") {
    self.cause = cause
    self.lastLines = lastLines
  }
}
