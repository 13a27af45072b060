package import ApusIO

/// The claims of a JWT whose signature, issuer, audience and dates hold. It cannot be made in another way.
package struct JSONWebToken: Sendable, Equatable {
  /// What a token must say, beside its signature.
  package struct Rules: Sendable, Equatable {
    package let issuer: String
    package let audience: String
    /// Seconds by which the issuer's clock may differ from ours.
    package let leeway: Int64

    package init(issuer: String, audience: String, leeway: Int64 = 30) {
      self.issuer = issuer
      self.audience = audience
      self.leeway = min(max(leeway, 0), AccessLimits.leewayMaximum)
    }
  }

  package let keyID: String
  package let issuer: String
  /// Visible ASCII, at most 128 bytes, and nothing that the gateway says about its own callers (`apus:…`).
  package let subject: String
  /// Unix seconds.
  package let expires: Int64
  package let issuedAt: Int64?
  /// The claims `login`, `sid` and `jti`: texts for people and logs.
  package let login: String?
  package let sessionID: String?
  package let id: String?
  package let scopes: ScopeSet
  /// The functions that it is for; nil if it does not say.
  package let functions: FunctionPermissions?

  /// Reads and verifies `text`. With `.unknownKey` it is worth to ask the issuer for new keys.
  package init(_ text: String, keys: KeySet, rules: Rules, now: WallClock) throws(TokenError) {
    let token = try UnverifiedToken(text)
    guard let key = keys[token.keyID] else { throw .unknownKey(token.keyID) }
    self = try token.verified(by: key, rules: rules, now: now)
  }

  init(claims: Claims, keyID: String, rules: Rules, now: Int64) throws(TokenError) {
    self.keyID = keyID
    issuer = try claims.string("iss")
    guard issuer == rules.issuer else { throw .issuer }
    guard try claims.audiences().contains(rules.audience) else { throw .audience }

    // RFC 7519 section 4.1.4: on or after this time it must not be accepted. Neither sum overflows: see `date`.
    guard let expires = try claims.date("exp") else { throw .missing(claim: "exp") }
    guard now - rules.leeway < expires else { throw .expired }
    self.expires = expires
    if let start = try claims.date("nbf"), start > now + rules.leeway { throw .notYetValid }
    issuedAt = try claims.date("iat")
    if let issuedAt, issuedAt > now + rules.leeway { throw .notYetValid }

    subject = try claims.string("sub")
    guard Identifier.isValid(subject), !subject.hasPrefix("apus:") else { throw .malformed(claim: "sub") }
    login = try claims.optionalString("login")
    sessionID = try claims.optionalString("sid")
    id = try claims.optionalString("jti")
    scopes = ScopeSet(knownIn: try claims.optionalString("scope") ?? "")
    functions = try claims.functionPermissions()
  }
}
