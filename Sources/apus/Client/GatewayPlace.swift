import ApusHTTP
import ApusIO
import ApusTLS

/// Which gateway is asked, and as whom.
struct GatewayPlace: Sendable {
  /// Without a slash at its end.
  let url: String
  let address: SocketAddress
  /// Host and port as the URL has them.
  let authority: String
  /// The handshake of an https gateway; nil for clear text.
  let wrap: Upstream.Wrap?
  /// The `Authorization` of its administrator's routes; nil if there is none to send.
  let authorization: String?
  /// A token of an Apus gateway; nil where there is a password, or nothing. The gateway takes it for itself, so that it
  /// may be sent with calls of functions.
  var token: String? {
    guard let authorization, authorization.hasPrefix("Bearer apus_") else { return nil }
    return String(authorization.dropFirst("Bearer ".count))
  }

  static let usual = "http://127.0.0.1:8080"

  /// `url` as the command line or the environment have it; nil for the gateway of this machine.
  init(url given: String?, data: LocalData, trust: TLSClientContext.Trust?, on loop: Loop) async throws {
    let given = given.flatMap { $0.isEmpty ? nil : $0 }
    if given == nil, let own = data.gatewayURL {
      try self.init(own: own, data: data, trust: trust, token: try Self.token)
      return
    }
    let url = try GatewayURL(given ?? Self.usual)
    let address = try await url.address(on: loop)
    // The administrator's password of this machine is not for strangers' gateways, nor for whoever has the usual port
    // while no gateway runs on this folder.
    let local = given != nil && (address.isLocal || data.isChosen) ? data.authorization : nil
    self.init(url, address, try url.wrap(trust ?? .systemAuthorities), local, token: try Self.token)
  }

  /// The gateway that has `data`, at an address of this machine.
  ///
  /// Its certificate is made for the name by which others know it, not for this address, so it is not looked at: what
  /// is said to an address of this machine does not leave it.
  init(own url: String, data: LocalData, trust: TLSClientContext.Trust? = nil, token: String? = nil) throws {
    let url = try GatewayURL(url)
    guard let address = url.numericAddress else { throw url.unusable }
    self.init(url, address, try url.wrap(trust ?? .dangerouslyAnyone), data.authorization, token: token)
  }

  private init(
    _ url: GatewayURL, _ address: SocketAddress, _ wrap: Upstream.Wrap?, _ local: String?, token: String?
  ) {
    self.url = url.text
    self.address = address
    self.wrap = wrap
    authority = url.authority
    authorization = token.map { "Bearer \($0)" } ?? local ?? LoginFile.authorization(for: url.text)
  }

  /// Not an option: arguments can be seen by every user of a machine.
  private static var token: String? {
    get throws(CommandError) {
      guard let token = ProcessEnvironment.current()["APUS_TOKEN"], !token.isEmpty else { return nil }
      // RFC 6750 section 2.1; another character would end the field, or all of it would be left out.
      guard token.utf8.allSatisfy({ 0x21...0x7E ~= $0 }) else {
        throw CommandError(
          "APUS_TOKEN has spaces or other characters that no token has: set it as `apus token create` printed it")
      }
      return token
    }
  }
}
