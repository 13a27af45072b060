/// Everything that is kept of one person's access, in one value: whoever changes it changes all of it or nothing.
package struct Account: Sendable, Equatable {
  /// Why nobody may sign in.
  package enum Disabled: String, Sendable {
    /// Until an operator enables it.
    case byOperator = "operator"
    /// Until an operator or a recovery code lifts it.
    case byAttempts = "attempts"
  }

  package let id: AccountID
  package let login: Login
  /// Counts the changes; a change is stored only over the revision that it was made from.
  package var revision: Int64
  /// Unix seconds, as all instants here.
  package let createdAt: Int64
  /// When it is gone unless somebody signs in before; nil from the first sign-in on.
  package var diesAt: Int64?
  /// With which one signs in; nil while a claim waits for the first credentials.
  package var pair: Pair? { didSet { note(pair) } }
  /// What takes the pair's place at its own first sign-in.
  package var next: Pair? { didSet { note(next) } }
  /// The highest version that a pair has had, be it gone.
  package var lastVersion: Int64 = 0
  package var claim: Claim?
  package var renewal: Renewal?
  package var sessions: [Session] = []
  package var disabled: Disabled?
  package var lastSignIn: Int64?

  package init(_ id: AccountID, _ login: Login, createdAt: Int64, diesAt: Int64?, pair: Pair? = nil) {
    self.id = id
    self.login = login
    self.createdAt = createdAt
    self.diesAt = diesAt
    self.pair = pair
    revision = 1
    note(pair)
  }

  package func isDead(at now: Int64) -> Bool { diesAt.map { $0 <= now } ?? false }

  /// The version of the pair that would be made next. None is ever used twice, since sealed fields are bound to it:
  /// what was sealed for a pair that is gone can't be put into a newer one.
  package var nextVersion: Int64 { lastVersion + 1 }

  private mutating func note(_ pair: Pair?) { lastVersion = max(lastVersion, pair?.version ?? 0) }

  /// The pair that waits for its first sign-in, if it still may.
  package func livingNext(at now: Int64) -> Pair? {
    next.flatMap { next in next.diesAt.map { $0 > now } ?? true ? next : nil }
  }
}
