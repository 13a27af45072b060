import ApusIO

/// Whom a failed attempt is counted against by address.
enum AttemptSource: Hashable, Sendable {
  case ipv4(UInt32)
  /// The upper half, in network order: a household or a rented machine has a whole /64 to call from.
  case ipv6(UInt64)
  /// Callers of whom no address is known, all together.
  case unknown

  init(_ host: String?) {
    switch host.flatMap({ SocketAddress(host: $0, port: 0) })?.unmapped {
    case .ipv4(let address, _): self = .ipv4(address)
    case .ipv6(let high, _, _, _): self = .ipv6(high)
    case .unix, nil: self = .unknown
    }
  }
}
