package import ApusIO
import ApusJSON

/// A JWT in its parts, of which nothing is believed yet. It says which key to verify it with, and no more.
package struct UnverifiedToken: Sendable {
  package let keyID: String
  private let claims: [UInt8]
  private let signature: [UInt8]
  /// Header and claims as they were sent: what was signed (RFC 7515 section 5.2).
  private let signed: [UInt8]

  package init(_ text: String) throws(TokenError) {
    guard text.utf8.count <= AccessLimits.tokenBytes else { throw .tooLong }
    let bytes = Array(text.utf8)
    let dot = UInt8(ascii: ".")
    let parts = bytes.split(separator: dot, maxSplits: 3, omittingEmptySubsequences: false)
    guard parts.count == 3 else { throw .parts }
    guard let header = Sodium.base64(parts[0], .urlUnpadded) else { throw .encoding(.header) }
    guard let claims = Sodium.base64(parts[1], .urlUnpadded) else { throw .encoding(.claims) }
    guard let signature = Sodium.base64(parts[2], .urlUnpadded) else { throw .encoding(.signature) }
    keyID = try UnverifiedToken.keyID(Claims(header, part: .header))
    self.claims = claims
    self.signature = signature
    signed = Array(bytes[..<parts[1].endIndex])
  }

  /// The claims are read only once the signature holds.
  package func verified(
    by key: VerificationKey, rules: JSONWebToken.Rules, now: WallClock
  ) throws(TokenError) -> JSONWebToken {
    guard key.verifies(signature, of: signed) else { throw .signature }
    // Years that a clock can be set to; so no sum of seconds overflows.
    let seconds = min(max(now.seconds, 0), Claims.latestDate)
    return try JSONWebToken(claims: Claims(claims, part: .claims), keyID: keyID, rules: rules, now: seconds)
  }

  private static func keyID(_ header: Claims) throws(TokenError) -> String {
    // The token may not choose: what the key is for decides (RFC 8725 section 3.1).
    guard header["alg"]?.stringValue == "EdDSA" else { throw .algorithm }
    guard header["crit"] == nil else { throw .critical }
    // Without `crit`, an unencoded payload (RFC 7797) would mean other bytes to other readers.
    guard header["b64"] == nil else { throw .critical }
    if let type = header["typ"] {
      guard let text = type.stringValue, text.utf8.count <= 8, text.lowercased() == "jwt" else { throw .type }
    }
    guard let id = header["kid"]?.stringValue, Identifier.isValid(id) else { throw .keyID }
    return id
  }
}
