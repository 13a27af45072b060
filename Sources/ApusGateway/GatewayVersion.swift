import ApusJSON

/// What the gateway says of itself.
package enum GatewayVersion {
  package static let release = "0.1.0"

  /// The answer of `/system/info`: provider and both versions are never null, which faas-cli would not survive.
  static func info(_ isolation: IsolationReport) -> JSON {
    let version = JSON.object([("sha", .string(release)), ("release", .string(release))])
    return .object([
      (
        "provider",
        .object([("provider", .string("apus")), ("version", version), ("orchestration", .string("processes"))])
      ),
      ("version", version), ("arch", .string(architecture)),
      // Ours, after what the contract names.
      ("isolation", isolation.json),
    ])
  }

  private static var architecture: String {
    #if arch(x86_64)
      "x86_64"
    #elseif arch(arm64)
      "aarch64"
    #else
      "unknown"
    #endif
  }
}
