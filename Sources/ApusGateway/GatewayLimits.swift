/// Bounds of the gateway that no setting changes, each with its reason.
enum GatewayLimits {
  /// The body of an administrative call: a secret of 1 MiB in base64, and room for the rest.
  static let bodyBytes = 2 << 20

  /// How long a call that was broken off waits for the reason, which the operating system tells a moment later. A
  /// function that lives on and only hung up has its caller wait so long for nothing.
  static let exitReport: Duration = .seconds(1)

  /// Functions that are awake only because they were deployed: a replica holds some megabytes, and a thousand deployed
  /// in a row shall not be a thousand in memory. Whoever waits for one that was just deployed finds it among them.
  static let trials = 64
}
