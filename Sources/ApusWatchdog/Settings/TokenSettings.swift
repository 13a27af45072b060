import ApusContract
import ApusIO
import ApusModel

/// Whose JWTs callers have to show.
package struct TokenSettings: Equatable, Sendable {
  package enum Keys: Equatable, Sendable {
    /// A key set in a file.
    case file(String)
    /// A key set on a page.
    case page(KeyURL)
    /// A page that names the issuer and where its keys are, as OpenFaaS' gateway has it.
    case discovery(KeyURL)
  }

  package var isAsked = false
  /// Refused tokens get a line that says why.
  package var isDebugged = false
  /// Nil to believe the discovery page.
  package var issuer: String?
  package var audience: String?
  package var keys: Keys?
  package var mistakes: [String] = []

  package static let page = "/.well-known/openid-configuration"

  package init() {}

  init(_ environment: ProcessEnvironment, _ reader: inout SettingsReader) {
    let asked = reader.flag("jwt_auth")
    // What can't be read counts as not set elsewhere. Here it would let everybody in.
    if asked == nil, let given = environment["jwt_auth"], !given.isEmpty {
      mistakes.append("jwt_auth is \(QuotedText(given)), expected true or false")
    }
    isAsked = asked ?? false
    isDebugged = reader.flag("jwt_auth_debug") ?? false
    let isLocal = reader.flag("jwt_auth_local") ?? false
    guard isAsked else { return }
    issuer = environment["jwt_issuer"].flatMap { $0.isEmpty ? nil : $0 }
    audience = environment["jwt_audience"].flatMap { $0.isEmpty ? nil : $0 }
    guard let text = environment["jwt_jwks"], !text.isEmpty else {
      keys = KeyURL("http://\(isLocal ? "127.0.0.1" : "gateway.openfaas"):8080\(Self.page)").map { .discovery($0) }
      return
    }
    if text.hasPrefix("/") || text.hasPrefix("./") {
      keys = .file(text)
    } else if let url = KeyURL(text) {
      keys = .page(url)
    } else {
      let given = QuotedText(text)
      mistakes.append("jwt_jwks is \(given), expected the path of a file, or a URL like http://127.0.0.1:8080/keys")
    }
    if issuer == nil { mistakes.append("jwt_issuer is not set, expected the issuer of the keys of jwt_jwks") }
  }

  /// What a token has to say; nil while the issuer is not known.
  func audience(of issuer: String) -> String {
    if let audience { return audience }
    // OpenFaaS' tokens are for their issuer; those of an account function for Apus.
    return self.issuer == nil ? issuer : "apus"
  }
}
