package import ApusDeployment
package import ApusHTTP

/// What an operator decides about a gateway.
package struct GatewaySettings: Sendable {
  /// Starts side by side; more than processors only slow each other down.
  package var startsAtOnce: Int
  /// Proxies in front of the gateway, whose word about the caller counts.
  package var trustedProxies = TrustedProxies()
  /// What the JWTs of functions must be meant for (`aud`).
  package var audience = "apus"
  /// Refuses a deployment that can't be started.
  package var check: @Sendable (Deployment) throws(APIError) -> Void
  /// What a deployment's artefact holds now, so that the same deployment of another content counts as a change.
  package var content: @Sendable (Deployment) -> String? = { _ in nil }

  /// What replicas are kept from, for those who ask.
  package var isolation: IsolationReport

  package init(
    startsAtOnce: Int, isolation: IsolationReport,
    check: @escaping @Sendable (Deployment) throws(APIError) -> Void
  ) {
    self.isolation = isolation
    self.startsAtOnce = startsAtOnce
    self.check = check
  }
}
