import ApusAccess
import ApusIO

/// An issuer of JWTs that shares no code with ours: the openssl program makes its key and its signatures.
final class ForeignIssuer {
  private let folder: TemporaryFolder
  /// The public key in base64url, as a JWKS has it.
  let publicKey: String

  init() throws {
    folder = try TemporaryFolder()
    try folder.shell("openssl genpkey -algorithm ed25519 -out '\(folder.path)/key.pem'")
    // The last 32 bytes of the DER form are the key (RFC 8410 section 4).
    publicKey = try folder.shell(
      "openssl pkey -in '\(folder.path)/key.pem' -pubout -outform DER | tail -c 32 | " + ForeignIssuer.base64url)
  }

  private static let base64url = "openssl base64 -A | tr '+/' '-_' | tr -d '='"

  func sign(header: String, claims: String) throws -> String {
    try folder.write(header, to: "header")
    try folder.write(claims, to: "claims")
    return try folder.shell(
      """
      cd '\(folder.path)' && encode() { \(ForeignIssuer.base64url); } &&
      printf '%s.%s' "$(encode <header)" "$(encode <claims)" >signed &&
      openssl pkeyutl -sign -rawin -inkey key.pem -in signed -out signature &&
      printf '%s.%s' "$(cat signed)" "$(encode <signature)"
      """)
  }

  func keySet(id: String = "k1") throws -> KeySet {
    try KeySet(jwks: Array(jwks(id: id).utf8))
  }

  func jwks(id: String = "k1") -> String {
    #"{"keys":[{"kty":"OKP","crv":"Ed25519","use":"sig","alg":"EdDSA","kid":"\#(id)","x":"\#(publicKey)"}]}"#
  }
}
