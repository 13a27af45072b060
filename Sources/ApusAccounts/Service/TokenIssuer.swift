import ApusAccess
package import ApusJSON

/// In whose name tokens are signed.
package struct TokenIssuer: Sendable {
  /// `apus:NAMESPACE/FUNCTION`, as the gateway expects it.
  package let name: String

  package init(namespace: String, function: String) {
    name = "apus:\(namespace)/\(function)"
  }

  func token(
    _ account: Account, _ session: Session, _ keys: AccountKeys, _ settings: AccountSettings, at now: Int64
  ) throws -> String {
    try keys.first.signing.token(
      .object([
        ("iss", .string(name)), ("aud", .string(settings.audience)), ("sub", .string(account.id.text)),
        ("login", .string(account.login.text)), ("sid", .string(session.name)), ("iat", .integer(now)),
        ("exp", .integer(now + settings.tokenLife)),
        ("jti", .string(Base32.encode(Sodium.randomBytes(15)).lowercased())),
      ]))
  }

  /// The public halves of all keys, so that a token outlives the change of the key that signed it.
  package static func keySet(_ keys: AccountKeys) -> JSON {
    .object([("keys", .array(keys.keys.map(\.signing.jwk)))])
  }
}
