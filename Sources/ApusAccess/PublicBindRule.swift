package import ApusIO

/// Refuses to listen to the world in clear text unless somebody has said that it shall be so.
package enum PublicBindRule {
  /// - Throws: `PublicBindError` for the first address that others than this machine can reach.
  package static func check(
    _ addresses: [SocketAddress], hasTLS: Bool, insecurePublic: Bool
  ) throws(PublicBindError) {
    guard !hasTLS, !insecurePublic else { return }
    // `0.0.0.0` and `::` are every interface there is, so they are not local.
    if let address = addresses.first(where: { !$0.unmapped.isLocal }) { throw PublicBindError(address: address) }
  }
}
