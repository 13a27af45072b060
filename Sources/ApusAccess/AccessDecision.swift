/// Whether a call goes on.
package enum AccessDecision: Sendable, Equatable {
  case allowed
  case refused(AccessRefusal)

  package var isAllowed: Bool { self == .allowed }
}
