import ApusHTTP
import ApusIO
import ApusLauncher
import ApusTLS

/// `http://ADDRESS[:PORT]` or `https://HOST[:PORT]`.
struct GatewayURL: Sendable {
  /// Without a slash at its end.
  let text: String
  /// What stands behind the two slashes.
  let authority: String
  private let isSecure: Bool
  private let host: String
  private let port: UInt16

  init(_ given: String) throws(CommandError) {
    text = given.hasSuffix("/") ? String(given.dropLast()) : given
    isSecure = text.hasPrefix("https://")
    guard isSecure || text.hasPrefix("http://") else {
      throw CommandError("\(given) is no gateway that apus can ask: give one as http://ADDRESS:PORT or https://HOST")
    }
    authority = String(text.dropFirst(isSecure ? 8 : 7))
    // A colon in brackets belongs to the address.
    let name = authority
    let colon = name.lastIndex(of: ":").flatMap { name[$0...].contains("]") ? nil : $0 }
    host = String(name[..<(colon ?? name.endIndex)])
    let usual: UInt16 = isSecure ? 443 : 80
    let port = colon.map { UInt16(name[name.index(after: $0)...]) } ?? usual
    guard let port, Self.isHost(host) else {
      throw CommandError(
        "\(given) is no gateway that apus can ask: give the host and, behind a colon, the port, and no path")
    }
    self.port = port
  }

  private static func isHost(_ text: String) -> Bool {
    !text.isEmpty
      && text.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "a")...UInt8(ascii: "z"):
          true
        default: "-._:[]".utf8.contains(byte)
        }
      } && !text.hasPrefix("-")
  }

  /// Where it is, if that needs no look-up.
  var numericAddress: SocketAddress? {
    SocketAddress(host: host == "localhost" ? "127.0.0.1" : host, port: port)
  }

  /// Where it is. A name is looked up as this machine does, by getent(1).
  func address(on loop: Loop) async throws -> SocketAddress {
    if let numericAddress { return numericAddress }
    guard let found = try await HostLookup.first(host, on: loop), let address = SocketAddress(host: found, port: port)
    else {
      throw CommandError("there is no host \(host): check the name, or give its address as a number")
    }
    return address
  }

  /// Nil for clear text.
  func wrap(_ trust: TLSClientContext.Trust) throws -> Upstream.Wrap? {
    guard isSecure else { return nil }
    let bare = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
    return try TLSClientContext(trusting: trust).wrap(host: bare)
  }

  var unusable: CommandError {
    CommandError("\(text) is no gateway that apus can ask: give its address as a number, such as \(GatewayPlace.usual)")
  }
}
