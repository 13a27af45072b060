import ApusAccess
import ApusIO
import ApusModel
import ApusTelemetry
import Synchronization

/// The functions whose JWTs other functions ask for, each with its keys.
final class IssuerTable: Sendable {
  private let functions: FunctionTable
  private let audience: String
  private let log: Log
  /// As many as deployments name, which only those who may deploy decide.
  private let issuers = Mutex<[FunctionName: IssuerKeys]>([:])

  init(_ functions: FunctionTable, audience: String, log: Log) {
    self.functions = functions
    self.audience = audience
    self.log = log
  }

  /// What a call brings along that may have to wait for keys.
  struct Question {
    let callID: String
    let deadline: Instant
    let upstreams: Upstreams
    let loop: Loop
  }

  /// What became of a token.
  enum Verdict {
    case holds(JSONWebToken)
    case fails(TokenError)
  }

  /// Whether `text` is a JWT of `issuer` that holds.
  ///
  /// - Throws: a refusal where that can't be told just now.
  func verify(
    _ text: String, of issuer: FunctionName, _ question: Question
  ) async throws(AccessRefusal) -> Verdict {
    let token: UnverifiedToken
    do throws(TokenError) {
      token = try UnverifiedToken(text)
    } catch {
      return .fails(error)
    }
    let keys = keys(of: issuer)
    let key = try await keys.key(token.keyID, before: question.deadline, on: question.loop) { number in
      fetch(number, for: keys, issuer, question)
    }
    guard let key else { return .fails(.unknownKey(token.keyID)) }
    do throws(TokenError) {
      let rules = JSONWebToken.Rules(issuer: issuer.issuerClaim, audience: audience)
      return .holds(try token.verified(by: key, rules: rules, now: .now()))
    } catch {
      return .fails(error)
    }
  }

  private func keys(of issuer: FunctionName) -> IssuerKeys {
    issuers.withLock { issuers in
      if let known = issuers[issuer] { return known }
      let keys = IssuerKeys()
      issuers[issuer] = keys
      return keys
    }
  }

  /// In a task of its own: the caller who needs the keys first may leave, and others wait for them, too.
  private func fetch(_ number: Int, for keys: IssuerKeys, _ issuer: FunctionName, _ question: Question) {
    let request = KeyRequest(issuer: issuer, callID: question.callID, functions: functions, log: log)
    let upstreams = LoopBound(question.upstreams, to: question.loop)
    question.loop.spawn { keys.ended(number, await request.keys(over: upstreams.value)) }
  }
}
