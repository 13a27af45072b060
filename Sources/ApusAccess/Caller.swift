package import ApusModel

/// Who calls, after verification.
package enum Caller: Sendable, Equatable {
  /// Sent no credentials.
  case anonymous
  /// Sent credentials that did not hold. It may do what `anonymous` may, and is told why it may no more.
  case unproven
  case admin(name: String)
  /// A token of this gateway; `function` is the only one that it is good for, nil for all.
  case token(id: String, scopes: ScopeSet, function: FunctionName?)
  /// An account of `issuer`, by a JWT. Its scopes are the issuer's word and count for functions alone, never for the
  /// gateway's own routes: whoever may deploy an issuer could else give itself everything.
  case subject(id: String, scopes: ScopeSet, issuer: FunctionName)

  /// The value of `X-Apus-Subject` that a function gets; nil for a caller without a name. What the gateway itself says
  /// begins with `apus:`, which no subject of an issuer may (see `JSONWebToken`).
  package var subjectField: String? {
    switch self {
    case .anonymous, .unproven: nil
    case .admin(let name): "apus:admin/\(name)"
    case .token(let id, _, _): "apus:token/\(id)"
    case .subject(let id, _, _): id
    }
  }

  package var scopes: ScopeSet {
    switch self {
    case .anonymous, .unproven: []
    case .admin: .all
    case .token(_, let scopes, _), .subject(_, let scopes, _): scopes
    }
  }
}
