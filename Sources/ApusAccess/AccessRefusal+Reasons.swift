package import ApusModel

extension AccessRefusal {
  /// Status, challenge and text as in OpenFaaS, so that its clients ask for a password.
  static let signInAsAdmin = AccessRefusal(
    status: 401, code: "invalid-credentials", text: "invalid credentials",
    advice: "send the administrator's name and password, which the data folder's auth holds (faas-cli login takes "
      + "them), or a token made by `apus token create`",
    challenge: #"Basic realm="Restricted""#)

  /// RFC 6750 section 3.1 has this challenge go with a 403.
  static func lacking(_ scope: Scope) -> AccessRefusal {
    AccessRefusal(
      status: 403, code: "scope-needed", text: "the token lacks scope \(scope.rawValue)",
      advice: "make one that has it: `apus token create --scope \(scope.rawValue)`",
      challenge: #"Bearer realm="Apus", error="insufficient_scope", scope="\#(scope.rawValue)""#)
  }

  static func elsewhere(_ only: FunctionName) -> AccessRefusal {
    AccessRefusal(
      status: 403, code: "other-function", text: "the token is for function \(only) only",
      advice: "use a token without --function, or one for what you call")
  }

  static func tokenNeeded(_ function: FunctionName, wasSent: Bool) -> AccessRefusal {
    unauthorized(
      wasSent, text: "\(function) takes calls with a token only",
      advice: "send `Authorization: Bearer apus_…`; its operator makes one by "
        + "`apus token create --scope invoke --function \(function)`")
  }

  static func accountNeeded(_ issuer: FunctionName, wasSent: Bool) -> AccessRefusal {
    unauthorized(
      wasSent, text: "this function is for accounts of \(issuer)",
      advice: "sign in at \(issuer) and send `Authorization: Bearer` with the token that it answers")
  }

  /// `reason` is for the caller, too: whoever holds a token may know that it has expired.
  package static func tokenFails(_ issuer: FunctionName, _ reason: TokenError) -> AccessRefusal {
    AccessRefusal(
      status: 401, code: "invalid-credentials",
      text: "the credentials do not hold, and this function is for accounts of \(issuer)", advice: reason.message,
      challenge: #"Bearer realm="Apus", error="invalid_token""#)
  }

  /// RFC 6750 section 3: no error code for a caller who sent nothing.
  private static func unauthorized(_ wasSent: Bool, text: String, advice: String) -> AccessRefusal {
    AccessRefusal(
      status: 401, code: wasSent ? "invalid-credentials" : "credentials-needed",
      text: wasSent ? "the credentials do not hold, and " + text : text, advice: advice,
      challenge: wasSent ? #"Bearer realm="Apus", error="invalid_token""# : #"Bearer realm="Apus""#)
  }
}
