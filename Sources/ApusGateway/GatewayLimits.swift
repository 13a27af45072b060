/// Bounds of the gateway that no setting changes, each with its reason.
enum GatewayLimits {
  /// The body of an administrative call: a secret of 1 MiB in base64, and room for the rest.
  static let bodyBytes = 2 << 20
}
