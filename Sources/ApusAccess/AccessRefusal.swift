/// The answer to a caller who may not.
package struct AccessRefusal: Error, Sendable, Equatable, CustomStringConvertible {
  package let status: Int
  /// For programs; stable.
  package let code: String
  /// What happened. On the gateway's own routes it is the text that OpenFaaS' clients know.
  package let text: String
  /// What to do.
  package let advice: String
  /// The value of `WWW-Authenticate`; nil for none.
  package let challenge: String?
  /// Seconds for `Retry-After`; nil for none.
  package let retryAfter: Int?

  package var description: String { "\(text): \(advice)" }

  package init(
    status: Int, code: String, text: String, advice: String, challenge: String? = nil, retryAfter: Int? = nil
  ) {
    self.status = status
    self.code = code
    self.text = text
    self.advice = advice
    self.challenge = challenge
    self.retryAfter = retryAfter
  }

  /// Too many failed attempts: whatever the credentials are, they are not looked at before `seconds` have passed.
  package static func throttled(seconds: Int) -> AccessRefusal {
    AccessRefusal(
      status: 429, code: "too-many-attempts", text: "too many failed attempts",
      advice: "wait \(seconds) s, then try again with the right credentials", retryAfter: seconds)
  }

  /// The keys of a token's issuer are not to be had just now, so nobody can say whether the token holds.
  package static func issuerUnavailable(seconds: Int) -> AccessRefusal {
    AccessRefusal(
      status: 503, code: "issuer-unavailable", text: "the issuer of the token does not answer",
      advice: "try again in \(seconds) s; the operator finds the reason in the logs of the issuing function",
      retryAfter: seconds)
  }
}
