import ApusStore

extension Routes {
  /// What OpenFaaS has no routes for: tokens, and a new password. For the administrator alone: whoever could make
  /// tokens could make one with more rights than their own.
  static func addTokens(to routes: inout Protected, _ state: GatewayState, _ functions: FunctionTable) {
    let tokens = TokenStore(state.database)
    routes.admin("GET", .exactly("/system/tokens"), TokensEndpoint(tokens: tokens))
    routes.admin("POST", .exactly("/system/tokens"), TokenCreationEndpoint(tokens: tokens, functions: functions))
    routes.admin("DELETE", .named("/system/tokens/"), TokenRevocationEndpoint(tokens: tokens))
    routes.admin(
      "POST", .exactly("/system/auth/rotate"),
      RotateEndpoint(account: state.account, audit: AuditStore(state.database)))
  }
}
