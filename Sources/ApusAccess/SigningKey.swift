package import ApusJSON
import CSodium

/// The private half of an Ed25519 key pair, with which an issuer signs JWTs. Its id is made of the public half.
package struct SigningKey: Sendable {
  package let id: String
  /// As RFC 8032 has it, 32 bytes.
  package let publicKey: [UInt8]
  /// Seed and public key, as libsodium keeps them.
  private let secret: [UInt8]

  /// Nil unless the seed has 32 bytes.
  package init?(seed: [UInt8]) {
    Sodium.start()
    guard seed.count == Int(crypto_sign_SEEDBYTES) else { return nil }
    var publicKey = [UInt8](repeating: 0, count: Int(crypto_sign_PUBLICKEYBYTES))
    var secret = [UInt8](repeating: 0, count: Int(crypto_sign_SECRETKEYBYTES))
    guard crypto_sign_seed_keypair(&publicKey, &secret, seed) == 0 else { return nil }
    self.publicKey = publicKey
    self.secret = secret
    id = Sodium.base64Text(Array(Sodium.hash(publicKey).prefix(12)), .urlUnpadded)
  }

  /// A JWS in compact form (RFC 7515 section 3.1) with `alg` EdDSA (RFC 8037).
  package func token(_ claims: JSON) throws -> String {
    let header: JSON = .object([
      ("alg", .string("EdDSA")), ("typ", .string("JWT")), ("kid", .string(id)),
    ])
    let signed = try SigningKey.part(header) + "." + SigningKey.part(claims)
    var signature = [UInt8](repeating: 0, count: Int(crypto_sign_BYTES))
    crypto_sign_detached(&signature, nil, Array(signed.utf8), UInt64(signed.utf8.count), secret)
    return signed + "." + Sodium.base64Text(signature, .urlUnpadded)
  }

  /// The public half as a member of a JWKS (RFC 7517, RFC 8037 section 2).
  package var jwk: JSON {
    .object([
      ("kty", .string("OKP")), ("crv", .string("Ed25519")), ("use", .string("sig")), ("alg", .string("EdDSA")),
      ("kid", .string(id)), ("x", .string(Sodium.base64Text(publicKey, .urlUnpadded))),
    ])
  }

  private static func part(_ document: JSON) throws -> String {
    Sodium.base64Text(try document.serialise(), .urlUnpadded)
  }
}

extension SigningKey: CustomStringConvertible, CustomReflectable {
  /// The id alone.
  package var description: String { "signing key \(id)" }
  package var customMirror: Mirror { Mirror(self, children: []) }
}
