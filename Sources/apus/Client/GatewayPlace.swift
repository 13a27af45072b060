import ApusIO

/// Which gateway is asked, and as whom.
struct GatewayPlace: Sendable {
  /// Without a slash at its end.
  let url: String
  let address: SocketAddress
  /// The `Authorization` of its administrator's routes; nil if there is none to send.
  let authorization: String?

  static let usual = "http://127.0.0.1:8080"

  /// `url` and `data` as the command line or the environment have them.
  init(url given: String?, data: LocalData) throws(CommandError) {
    let found = given.flatMap { $0.isEmpty ? nil : $0 } ?? data.gatewayURL ?? Self.usual
    let url = found.hasSuffix("/") ? String(found.dropLast()) : found
    self.url = url
    address = try Self.address(of: url)
    // The administrator's password of this machine is not for strangers' gateways.
    let local = address.isLocal || data.isChosen ? data.authorization : nil
    authorization = local ?? LoginFile.authorization(for: url)
  }

  private static func address(of url: String) throws(CommandError) -> SocketAddress {
    guard url.hasPrefix("http://") else {
      throw CommandError(
        "\(url) is no gateway that apus can ask: give one as http://ADDRESS:PORT; for https, use faas-cli or curl")
    }
    let authority = String(url.dropFirst("http://".count))
    let known = authority.hasPrefix("localhost") ? "127.0.0.1" + authority.dropFirst("localhost".count) : authority
    if let address = SocketAddress(known) ?? SocketAddress(host: known, port: 80), address.port != nil {
      return address
    }
    throw CommandError(
      "\(url) is no gateway that apus can ask: give its address as a number, such as \(usual)")
  }
}
