extension SocketAddress {
  /// An IPv4 address in the IPv6 form of a dual-stack socket (`::ffff:192.0.2.1`, RFC 4291 section 2.5.5.2) as the
  /// IPv4 address that it is; any other unchanged.
  package var unmapped: SocketAddress {
    guard case .ipv6(let high, let low, _, let port) = self, high == 0, UInt64(bigEndian: low) >> 32 == 0xFFFF else {
      return self
    }
    return .ipv4(UInt32(truncatingIfNeeded: UInt64(bigEndian: low)), port: port)
  }
}
