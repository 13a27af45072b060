import ApusAccess
import ApusHTTP
import ApusIO
import ApusModel
import ApusTelemetry

/// Lets in callers with a JWT of the issuer. It belongs to its loop.
final class TokenGate {
  /// Who was let in, or with which answer the caller is sent away.
  enum Verdict {
    case admitted([(KnownField, String)])
    case refused(status: Int, text: String)
  }

  private let settings: TokenSettings
  private let function: FunctionName
  private let log: Log
  private let loop: Loop
  private let keys = IssuerKeys()
  private let source: KeySource
  /// What its discovery page says; a set issuer comes first.
  private var foundIssuer: String?

  static let challenge = "Bearer realm=IAM function invoke"

  /// Nil if nobody asks for tokens.
  init?(
    _ settings: TokenSettings, _ function: FunctionName?, _ family: OwnChildren, log: Log, on loop: Loop
  ) {
    guard settings.isAsked, let function, let keys = settings.keys else { return nil }
    self.settings = settings
    self.function = function
    self.log = log
    self.loop = loop
    source = KeySource(keys, family)
  }

  func admit(_ exchange: Exchange, before deadline: Instant) async -> Verdict {
    guard case .bearer(let text) = AuthorizationField(exchange.head.fields) else {
      return refuse(401, "missing bearer token")
    }
    let token: UnverifiedToken
    let key: VerificationKey?
    do throws(TokenError) {
      token = try UnverifiedToken(text)
    } catch {
      return refuse(401, "\(error)")
    }
    do throws(AccessRefusal) {
      let limit = min(deadline, .now() + AccessLimits.keyAnswer)
      key = try await keys.key(token.keyID, before: limit, on: loop) { number in fetch(number) }
    } catch {
      return refuse(503, error.text)
    }
    guard let key else { return refuse(401, "\(TokenError.unknownKey(token.keyID))") }
    guard let issuer = settings.issuer ?? foundIssuer else { return refuse(503, "the issuer is not known yet") }
    do throws(TokenError) {
      let rules = JSONWebToken.Rules(issuer: issuer, audience: settings.audience(of: issuer), leeway: 1)
      return judge(try token.verified(by: key, rules: rules, now: .now()))
    } catch {
      return refuse(401, "\(error)")
    }
  }

  /// What the token allows. One that names no functions, as those of an account function, is for all that know its
  /// issuer by a setting; OpenFaaS' own always name them.
  private func judge(_ token: JSONWebToken) -> Verdict {
    let mayCall = token.functions.map { $0.allow(function) } ?? (settings.issuer != nil)
    guard mayCall else { return refuse(403, "insufficient permissions") }
    // Whoever sends these by himself is not believed.
    return .admitted([(.xApusSubject, token.subject), (.xApusScopes, "\(token.scopes)")])
  }

  private func refuse(_ status: Int, _ text: String) -> Verdict {
    if settings.isDebugged { log.info("a token was refused", ["status": .integer(status), "reason": .string(text)]) }
    return .refused(status: status, text: text)
  }

  /// In a task of its own: the caller who needs the keys first may leave, and others wait for them, too.
  private func fetch(_ number: Int) {
    let this = LoopBound(self, to: loop)
    loop.spawn {
      let gate = this.value
      do {
        let found = try await gate.source.read(on: gate.loop)
        gate.foundIssuer = found.issuer ?? gate.foundIssuer
        gate.keys.ended(number, found.keys)
      } catch {
        gate.log.warning("the keys of the issuer can't be read", ["error": .string("\(error)")])
        gate.keys.ended(number, nil)
      }
    }
  }
}
