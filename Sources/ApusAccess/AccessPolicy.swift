import ApusModel

/// Decides who may do what. What no line here allows is refused.
package struct AccessPolicy: Sendable {
  /// Lets everybody use the gateway's own routes, as OpenFaaS does with `basic_auth=false`. Functions that ask for
  /// credentials still do.
  package var isOpen = false

  package init() {}

  package func decide(_ caller: Caller, _ need: AccessNeed) -> AccessDecision {
    if need == .nothing { return .allowed }
    if case .admin = caller { return .allowed }
    switch need {
    case .nothing: return .allowed
    case .scope(let scope, let function): return isOpen ? .allowed : management(caller, scope, function)
    case .admin: return isOpen ? .allowed : administration(caller)
    case .call(_, .anyone): return .allowed
    case .call(let function, .token): return call(caller, function)
    case .call(_, .jwt(let issuer)): return call(caller, issuer: issuer)
    }
  }

  // MARK: The gateway's own routes

  private func management(_ caller: Caller, _ scope: Scope, _ function: FunctionName?) -> AccessDecision {
    guard case .token(_, let scopes, let only) = caller else { return administration(caller) }
    guard scopes.contains(scope) else { return .refused(.lacking(scope)) }
    guard let only else { return .allowed }
    return only == function ? .allowed : .refused(.elsewhere(only))
  }

  private func administration(_ caller: Caller) -> AccessDecision {
    switch caller {
    case .admin: .allowed
    case .anonymous, .unproven: .refused(.signInAsAdmin)
    case .token:
      .refused(
        AccessRefusal(
          status: 403, code: "admin-only", text: "this needs the administrator",
          advice: "a token is not enough, whatever its scopes: use the name and password in the data folder's auth"))
    case .subject:
      .refused(
        AccessRefusal(
          status: 403, code: "not-for-accounts", text: "accounts of a function may not manage the gateway",
          advice: "use the administrator's name and password, or a token made by `apus token create`"))
    }
  }

  // MARK: Functions

  private func call(_ caller: Caller, _ function: FunctionName) -> AccessDecision {
    switch caller {
    case .admin: return .allowed
    case .anonymous: return .refused(.tokenNeeded(function, wasSent: false))
    case .unproven: return .refused(.tokenNeeded(function, wasSent: true))
    case .token(_, let scopes, let only):
      guard scopes.contains(.invoke) else { return .refused(.lacking(.invoke)) }
      if let only, only != function { return .refused(.elsewhere(only)) }
      return .allowed
    case .subject:
      return .refused(
        AccessRefusal(
          status: 403, code: "token-needed", text: "\(function) takes no accounts, only tokens of this gateway",
          advice: "ask its operator for one: `apus token create --scope invoke --function \(function)`",
          challenge: #"Bearer realm="Apus""#))
    }
  }

  private func call(_ caller: Caller, issuer: FunctionName) -> AccessDecision {
    switch caller {
    case .admin: .allowed
    case .subject(_, _, issuer): .allowed
    case .anonymous: .refused(.accountNeeded(issuer, wasSent: false))
    case .unproven, .subject: .refused(.accountNeeded(issuer, wasSent: true))
    case .token:
      .refused(
        AccessRefusal(
          status: 403, code: "account-needed", text: "this function is for accounts of \(issuer)",
          advice: "sign in at \(issuer) and send the token that it answers", challenge: #"Bearer realm="Apus""#))
    }
  }
}
