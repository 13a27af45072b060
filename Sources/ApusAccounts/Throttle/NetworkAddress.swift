import ApusIO

/// The network that a caller calls from: what is counted and recorded instead of the address, which names a person.
package enum NetworkAddress {
  /// `192.0.2.0/24`, `2001:db8:0:1::/64`; nil if no address is known.
  package static func network(of host: String?) -> String? {
    switch host.flatMap({ SocketAddress(host: $0, port: 0) })?.unmapped {
    case .ipv4(let address, _):
      let bytes = [24, 16, 8].map { String(address >> UInt32($0) & 0xFF) }
      return bytes.joined(separator: ".") + ".0/24"
    case .ipv6(let high, _, _, _):
      // In network order, as the kernel has it.
      let groups = [48, 32, 16, 0].map { String(UInt64(bigEndian: high) >> UInt64($0) & 0xFFFF, radix: 16) }
      return groups.joined(separator: ":") + "::/64"
    case .unix, nil: return nil
    }
  }
}
