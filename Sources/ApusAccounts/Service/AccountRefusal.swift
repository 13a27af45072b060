/// An answer that is no success and no fault of ours.
package enum AccountRefusal: Error, Sendable, Equatable, CustomStringConvertible {
  case login(LoginError)
  case taken
  /// Too many attempts or creations; whole seconds until the next is looked at.
  case throttled(seconds: Int64)
  /// Too many accounts wait for their first sign-in.
  case full
  /// Login, password or code are wrong, or nobody may sign in: which of them is nobody's business.
  case notSignedIn
  /// Both factors were right, and the credentials have expired, or newer ones wait for their first sign-in.
  /// `life`: seconds that the new ones have for that.
  case expired(renewal: String, endedAt: Int64?, life: Int64)
  /// A claim or renewal that was used, has expired, or never was.
  case gone
  /// A claim link has to begin somewhere.
  case noPublicURL
  /// This takes a token of the gateway with the scope accounts.
  case notAllowed(isKnown: Bool)
  case overloaded
  case unknownAccount

  /// What an answer says (RFC 9457), for whoever speaks HTTP.
  package struct Problem: Sendable, Equatable {
    package let status: Int
    /// The last part of the problem's type.
    package let code: String
    package let title: String
    package let detail: String
    package var retryAfter: Int64?
    package var members: [String: String] = [:]

    /// Of the store, or of memory: it may be otherwise in a moment.
    package static let unavailable = Problem(
      status: 503, code: "unavailable", title: "Accounts are not to be had just now",
      detail: "Nothing was half done. Try again in a moment.", retryAfter: 5)
  }

  package var description: String { "\(problem.title). \(problem.detail)" }

  package var problem: Problem {
    switch self {
    case .login(let error):
      Problem(
        status: 400, code: "login-refused", title: "This login can't be taken", detail: error.description,
        members: ["rule": error.rule])
    case .taken:
      Problem(
        status: 409, code: "login-taken", title: "This login is taken",
        detail: "Choose another one, or sign in if it is yours.")
    case .throttled(let seconds):
      Problem(
        status: 429, code: "too-many-attempts", title: "Too many attempts",
        detail: "Wait \(seconds) s, then try again.", retryAfter: seconds)
    case .full:
      Problem(
        status: 429, code: "too-many-pending", title: "Too many accounts wait for their first sign-in",
        detail: "Wait until some have signed in or died.", retryAfter: 60)
    case .notSignedIn:
      Problem(
        status: 401, code: "not-signed-in", title: "Not signed in",
        detail: "Login, password and code do not fit together.")
    case .expired(let renewal, let endedAt, let life): AccountRefusal.expired(renewal, endedAt, life)
    case .gone:
      Problem(
        status: 410, code: "gone", title: "This was used already, or its time is over",
        detail: "It is good once. Ask for a new one.")
    case .noPublicURL:
      Problem(
        status: 422, code: "no-public-url", title: "There is no public_url for the link to begin with",
        detail: "Set public_url in the function's environment in stack.yml.")
    case .notAllowed(let isKnown):
      Problem(
        status: isKnown ? 403 : 401, code: "scope-needed", title: "This takes the scope accounts",
        detail: "Send `Authorization: Bearer` with a token made by `apus token create --scope accounts`.")
    case .overloaded:
      Problem(
        status: 503, code: "overloaded", title: "Too many sign-ins at once", detail: "Try again in a moment.",
        retryAfter: 2)
    case .unknownAccount:
      Problem(
        status: 404, code: "no-such-account", title: "There is no such account",
        detail: "`apus accounts list` has those that there are.")
    }
  }

  private static func expired(_ renewal: String, _ endedAt: Int64?, _ life: Int64) -> Problem {
    var members = ["renewal": renewal]
    if let endedAt { members["credentials_expire_at"] = UTC.text(endedAt) }
    return Problem(
      status: 403, code: "expired", title: "These credentials have expired",
      detail: "Send the renewal to create-account for new ones; sign in with those within \(SpokenTime(life)).",
      members: members)
  }
}
