internal import ApusIO

/// The networks whose word on `X-Forwarded-For` counts.
struct TrustedProxies: Sendable, Equatable {
  private struct Network: Sendable, Equatable {
    var high: UInt64
    var low: UInt64
    var prefix: Int
  }
  private var networks: [Network] = []

  /// None.
  init() {}

  /// `10.0.0.0/8, 127.0.0.1, ::1`; nil if one of them is not a network.
  init?(_ text: String) {
    for part in text.split(separator: ",") {
      let pieces = part.split(separator: "/", maxSplits: 1)
      guard let first = pieces.first, let address = TrustedProxies.bits(String(first).trimmed) else { return nil }
      var prefix = 128
      if pieces.count == 2 {
        guard let given = Int(String(pieces[1]).trimmed), given >= 0, given <= (address.isV4 ? 32 : 128) else {
          return nil
        }
        prefix = address.isV4 ? 96 + given : given
      }
      networks.append(Network(high: address.high, low: address.low, prefix: prefix))
    }
  }

  func contains(_ host: String) -> Bool {
    guard let address = TrustedProxies.bits(host) else { return false }
    return networks.contains { network in
      let highBits = min(64, network.prefix)
      let lowBits = max(0, network.prefix - 64)
      return TrustedProxies.agree(address.high, network.high, highBits)
        && TrustedProxies.agree(address.low, network.low, lowBits)
    }
  }

  /// The rightmost address of the chain that is not one of ours: what it says of those before it is only its word.
  func client(forwardedFor: [String], peer: String?) -> String? {
    var chain = forwardedFor.flatMap { $0.split(separator: ",").map { String($0).trimmed } }
    if let peer { chain.append(peer) }
    return chain.last { !contains($0) } ?? chain.first
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

extension String {
  /// Without blanks around it.
  fileprivate var trimmed: String {
    var rest = self[...]
    while rest.first == " " || rest.first == "\t" { rest.removeFirst() }
    while rest.last == " " || rest.last == "\t" { rest.removeLast() }
    return String(rest)
  }
}
