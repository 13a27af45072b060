/// Why a JWT is not believed.
package enum TokenError: Error, Sendable, Equatable {
  package enum Part: String, Sendable { case header, claims, signature }

  case tooLong
  /// Not three parts between dots.
  case parts
  /// Not base64url without padding, in its one way to be written.
  case encoding(Part)
  /// Not a JSON object, or one with a name twice.
  case document(Part)
  /// Another algorithm than EdDSA, `none` above all.
  case algorithm
  /// `typ` says that it is something else than a JWT.
  case type
  /// It must not be read by who does not know some extension, and we know none (RFC 7515 section 4.1.11).
  case critical
  case keyID
  /// The issuer has no key of that name; new ones may not have arrived here yet.
  case unknownKey(String)
  case signature
  case missing(claim: String)
  case malformed(claim: String)
  case issuer
  case audience
  case expired
  /// Its `nbf` or `iat` is in the future.
  case notYetValid

  /// For the log of the gateway. It repeats nothing of the token but a checked key id.
  package var message: String {
    switch self {
    case .tooLong: "the token has more than \(AccessLimits.tokenBytes) bytes: it is no JWT of an issuer known here"
    case .parts: "the token has not three parts between dots: send the JWT whole, as it was given out"
    case .encoding(let part): "the token's \(part.rawValue) is not base64url: send the JWT as it was given out"
    case .document(let part): "the token's \(part.rawValue) is not a JSON object with each name once: its issuer errs"
    case .algorithm: "the token is not signed with EdDSA (Ed25519), the only algorithm taken: have its issuer use it"
    case .type: "the token's typ is not JWT: send the token for access, not another one of the same issuer"
    case .critical: "the token demands extensions by crit: have its issuer do without"
    case .keyID: "the token names no key (kid) of 1 to \(AccessLimits.identifierBytes) visible characters"
    case .unknownKey(let key): "the issuer has no key \(key): sign in again"
    case .signature: "the token's signature does not hold: it was changed, or signed by another key"
    case .missing(let claim): "the token has no \(claim): have its issuer put it in"
    case .malformed(let claim): "the token's \(claim) is not what RFC 7519 makes of it: its issuer errs"
    case .issuer: "the token is from another issuer: sign in where this function's accounts are"
    case .audience: "the token is for another audience: sign in for this one"
    case .expired: "the token has expired: refresh it, or sign in again"
    case .notYetValid: "the token is from the future: set the clocks of both machines"
    }
  }
}

extension TokenError: CustomStringConvertible {
  package var description: String { message }
}
