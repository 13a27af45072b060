import ApusIO

/// The networks whose word on `X-Forwarded-For` counts.
package struct TrustedProxies: Sendable, Equatable {
  private struct Network: Sendable, Equatable {
    var high: UInt64
    var low: UInt64
    var prefix: Int
  }
  private var networks: [Network] = []

  /// None.
  package init() {}

  /// `10.0.0.0/8, 127.0.0.1, ::1`; nil if one of them is not a network.
  package init?(_ text: String) {
    for part in text.split(separator: ",") {
      let pieces = part.trimmed.split(separator: "/", omittingEmptySubsequences: false)
      guard pieces.count <= 2, let first = pieces.first, let address = TrustedProxies.bits(String(first)) else {
        return nil
      }
      var prefix = 128
      if pieces.count == 2 {
        guard let given = UInt8(pieces[1]), given <= (address.isV4 ? 32 : 128) else { return nil }
        prefix = address.isV4 ? 96 + Int(given) : Int(given)
      }
      networks.append(Network(high: address.high, low: address.low, prefix: prefix))
    }
  }

  package func contains(_ host: String) -> Bool {
    guard !networks.isEmpty, let address = TrustedProxies.bits(host) else { return false }
    return networks.contains { network in
      let highBits = min(64, network.prefix)
      let lowBits = max(0, network.prefix - 64)
      return TrustedProxies.agree(address.high, network.high, highBits)
        && TrustedProxies.agree(address.low, network.low, lowBits)
    }
  }

  /// The address nearest to us that is not a trusted one's: what it says of those before it is only its word. What is
  /// not an address ends the search at the proxy that passed it on.
  ///
  /// `peer` is nil behind a Unix socket: there the peer is the gateway, whose word counts.
  package func client(forwardedFor: [String], peer: String?) -> String? {
    let peer = peer.map { TrustedProxies.host($0[...]) ?? $0 }
    if let peer, !contains(peer) { return peer }
    var nearest = peer
    for entry in forwardedFor.flatMap({ $0.split(separator: ",") }).reversed() {
      guard let host = TrustedProxies.host(entry.trimmed) else { return nearest }
      if !contains(host) { return host }
      nearest = host
    }
    return nearest
  }

  /// The address of an entry, which some proxies write with a port (`192.0.2.1:5000`, `[2001:db8::1]:5000`); nil if it
  /// is none. Written in one way, so that it can be counted by.
  private static func host(_ entry: Substring) -> String? {
    let text = String(entry)
    guard let address = SocketAddress(host: text, port: 0) ?? SocketAddress(text), address.port != nil else {
      return nil
    }
    return address.unmapped.host
  }

  private static func agree(_ left: UInt64, _ right: UInt64, _ bits: Int) -> Bool {
    bits == 0 || (left ^ right) >> UInt64(64 - bits) == 0
  }

  /// IPv4 as the IPv6 addresses ::ffff:0:0/96 (RFC 4291 section 2.5.5.2), so that one comparison serves both.
  private static func bits(_ host: String) -> (high: UInt64, low: UInt64, isV4: Bool)? {
    switch SocketAddress(host: host, port: 0) {
    case .ipv4(let address, _): (0, 0xFFFF_0000_0000 | UInt64(address), true)
    case .ipv6(let high, let low, _, _): (UInt64(bigEndian: high), UInt64(bigEndian: low), false)
    case .unix, nil: nil
    }
  }
}

extension Substring {
  /// Without blanks around it.
  fileprivate var trimmed: Substring {
    var rest = self
    while rest.first == " " || rest.first == "\t" { rest.removeFirst() }
    while rest.last == " " || rest.last == "\t" { rest.removeLast() }
    return rest
  }
}
