import Instruments
import Testing

/// An issuer of JWTs that shares no code with ours: the openssl program makes its key and its signatures.
final class StubIssuer {
  private let folder: String
  let keyID: String
  /// The document of `/.well-known/jwks.json`.
  let jwks: String

  private static let base64url = "openssl base64 -A | tr '+/' '-_' | tr -d '='"

  init(keyID: String = "k1") throws {
    self.keyID = keyID
    folder = try Shell.temporaryFolder()
    // The last 32 bytes of the DER form are the key (RFC 8410 section 4).
    let made = try Shell.run(
      """
      openssl genpkey -algorithm ed25519 -out '\(folder)/key.pem' 2>&1 &&
      openssl pkey -in '\(folder)/key.pem' -pubout -outform DER | tail -c 32 | \(Self.base64url)
      """)
    try #require(made.status == 0, "\(made.output)")
    jwks =
      #"{"keys":[{"kty":"OKP","crv":"Ed25519","use":"sig","alg":"EdDSA","kid":"\#(keyID)","x":"\#(made.output)"}]}"#
  }

  deinit {
    _ = try? Shell.run("rm -rf '\(folder)'")
  }

  /// What a deployment says of it, beside its name.
  var members: String {
    let text = jwks.reduce(into: "") { $0 += $1 == "\"" ? "\\\"" : String($1) }
    return #","envVars":{"JWKS":"\#(text)"}"#
  }

  /// Claims as the accounts' issuer makes them, good for 15 minutes; `changes` overrule them.
  func token(_ changes: [String: String] = [:], header: String? = nil) throws -> String {
    let now = Int(try Shell.run("date +%s").output.filter(\.isNumber)) ?? 0
    var claims = [
      "iss": #""apus:openfaas-fn/authenticate""#, "aud": #""apus""#, "sub": #""01J9""#, "login": #""ada""#,
      "iat": "\(now)", "exp": "\(now + 900)",
    ]
    for (name, value) in changes { claims[name] = value }
    let text = claims.sorted { $0.key < $1.key }.map { #""\#($0.key)":\#($0.value)"# }.joined(separator: ",")
    return try sign(header ?? #"{"alg":"EdDSA","typ":"JWT","kid":"\#(keyID)"}"#, "{\(text)}")
  }

  private func sign(_ header: String, _ claims: String) throws -> String {
    let signed = try Shell.run(
      """
      cd '\(folder)' && encode() { \(Self.base64url); } &&
      printf '%s.%s' "$(printf %s '\(header)' | encode)" "$(printf %s '\(claims)' | encode)" >signed &&
      openssl pkeyutl -sign -rawin -inkey key.pem -in signed -out signature &&
      printf '%s.%s' "$(cat signed)" "$(encode <signature)"
      """)
    try #require(signed.status == 0, "\(signed.output)")
    return signed.output
  }
}
