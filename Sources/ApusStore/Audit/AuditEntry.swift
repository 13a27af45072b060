package import ApusIO

/// Who did what to what, and when. Never holds a value, only names.
package struct AuditEntry: Equatable, Sendable {
  package var at: WallClock
  /// "admin", a token's id, "gateway".
  package var actor: String
  /// A verb and its noun: "deploy function", "replace secret".
  package var action: String
  /// The name acted upon.
  package var subject: String

  package init(at: WallClock, actor: String, action: String, subject: String) {
    self.at = at
    self.actor = actor
    self.action = action
    self.subject = subject
  }
}
