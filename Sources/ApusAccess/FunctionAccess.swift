package import ApusModel

/// Who may call a function, as its deployment says.
package enum FunctionAccess: Sendable, Equatable {
  case anyone
  /// A token of this gateway with scope invoke.
  case token
  /// An account of the function `issuer`.
  case jwt(issuer: FunctionName)

  /// Takes the annotations `com.apus.access` and `com.apus.jwt.function` of `function`. An issuer without a namespace
  /// is one in the function's own.
  package init(access: String?, jwtFunction: String?, of function: FunctionName) throws(FunctionAccessError) {
    switch access {
    case nil, "public":
      self = .anyone
    case "token":
      self = .token
    case "jwt":
      do {
        self = .jwt(issuer: try FunctionName(jwtFunction ?? "authenticate", default: function.namespace))
      } catch {
        throw .issuer(error)
      }
    case let other?:
      throw .unknown(String(other.prefix(40)))
    }
  }
}

extension FunctionName {
  /// The `iss` of the JWTs that this function signs.
  package var issuerClaim: String { "apus:\(namespace)/\(name)" }
}
