/// What the bearer of a token may do.
package enum TokenScope: String, CaseIterable, Sendable, Comparable {
  case accounts, deploy, invoke, read

  package static func < (one: TokenScope, other: TokenScope) -> Bool { one.rawValue < other.rawValue }
}
