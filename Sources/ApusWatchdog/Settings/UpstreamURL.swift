package import ApusIO

/// Where the program of http mode listens, as `upstream_url` says it.
package struct UpstreamURL: Equatable, Sendable {
  /// In the order in which they are tried: `localhost` may mean either loopback.
  package var addresses: [SocketAddress]
  /// Stands before each call's path; empty, or with a slash in front and none behind.
  package var prefix: String

  package static let expected =
    "http:// with 127.0.0.1, localhost or another address as a number, and a port; or unix: and the path of a socket"

  /// Nil for what is no such text.
  package init?(_ text: String) {
    if text.hasPrefix("unix:") {
      let path = text.hasPrefix("unix://") ? "unix:\(text.dropFirst(7))" : text
      guard let address = SocketAddress(path) else { return nil }
      addresses = [address]
      prefix = ""
      return
    }
    guard text.hasPrefix("http://") else { return nil }
    let rest = text.dropFirst(7).prefix { $0 != "?" && $0 != "#" }
    let authority = rest.prefix { $0 != "/" }
    var path = rest[authority.endIndex...]
    while path.hasSuffix("/") { path.removeLast() }
    // It becomes part of each request line.
    guard path.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return nil }
    guard let addresses = UpstreamURL.addresses(String(authority)) else { return nil }
    self.addresses = addresses
    prefix = String(path)
  }

  private static func addresses(_ authority: String) -> [SocketAddress]? {
    let isBare = authority == "localhost" || !authority.contains(":") || authority.hasSuffix("]")
    let whole = isBare ? "\(authority):80" : authority
    guard whole.hasPrefix("localhost:") else {
      guard let address = SocketAddress(whole), address.port != 0 else { return nil }
      return [address]
    }
    let four = SocketAddress("127.0.0.1:\(whole.dropFirst(10))")
    let six = SocketAddress("[::1]:\(whole.dropFirst(10))")
    guard let four, let six, four.port != 0 else { return nil }
    return [four, six]
  }
}
