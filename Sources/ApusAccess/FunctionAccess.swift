package import ApusModel

/// Who may call a function, as its deployment says.
package enum FunctionAccess: Sendable, Equatable {
  case anyone
  /// A token of this gateway with scope invoke.
  case token
  /// An account of the function `issuer`.
  case jwt(issuer: FunctionName)
}

extension FunctionName {
  /// The `iss` of the JWTs that this function signs.
  package var issuerClaim: String { "apus:\(namespace)/\(name)" }
}
