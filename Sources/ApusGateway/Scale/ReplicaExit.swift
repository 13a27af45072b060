/// Why a replica is no more, in words that an operator can use.
package struct ReplicaExit: Hashable, Sendable {
  /// `exit status 1`, `killed by signal 9 (SIGKILL)`, `cannot start: no such file`, …
  package var cause: String
  /// What it last wrote to stderr; only an authenticated caller gets to see it.
  package var lastLines: String
  /// It had been ready, was asked to end, and did so with success.
  package var isOrderly = false
  /// It was killed because it used more memory than it may.
  package var isOutOfMemory = false
  /// What one that never was ready still lacked, where that is known.
  package var lack: String?
  /// Stands in the gateway's log beside all of this, and in the answers to those who may not see it.
  package var reference: String

  package init(cause: String, lastLines: String = "", lack: String? = nil, reference: String = "") {
    self.cause = cause
    self.lastLines = lastLines
    self.lack = lack
    self.reference = reference
  }
}
