import CLinux
import Glibc

/// Where a socket listens or connects: an IPv4 or IPv6 address with a port, or a Unix path.
package enum SocketAddress: Hashable, Sendable, CustomStringConvertible {
  case ipv4(UInt32, port: UInt16)
  /// Sixteen bytes as two halves, in network order, and the zone's index (0 for none).
  case ipv6(UInt64, UInt64, zone: UInt32, port: UInt16)
  case unix(String)

  package static func loopback(port: UInt16) -> SocketAddress {
    .ipv4(0x7F00_0001, port: port)
  }

  /// `127.0.0.1:80`, `[::1]:80`, `[fe80::1%2]:80` with a zone's index, `unix:/run/x.sock`, or a bare path. Names are
  /// not resolved here, neither of hosts nor of interfaces.
  package init?(_ text: String) {
    if text.hasPrefix("unix:") || text.hasPrefix("/") {
      let path = text.hasPrefix("unix:") ? String(text.dropFirst(5)) : text
      guard SocketAddress.fits(path) else { return nil }
      self = .unix(path)
      return
    }
    guard let colon = text.lastIndex(of: ":"), let port = SocketAddress.port(text[text.index(after: colon)...]) else {
      return nil
    }
    // Without brackets "2001:db8::5:1" could be an address with a port or a whole address (RFC 3986, section 3.2.2).
    let host = text[..<colon]
    guard host.hasPrefix("[") || !host.contains(":") else { return nil }
    guard host.hasSuffix("]"), let percent = host.firstIndex(of: "%") else {
      self.init(host: String(host), port: port)
      return
    }
    guard let zone = SocketAddress.zone(host[host.index(after: percent)...].dropLast()),
      case .ipv6(let high, let low, _, _) = SocketAddress(host: "\(host[..<percent])]", port: port)
    else { return nil }
    self = .ipv6(high, low, zone: zone, port: port)
  }

  /// The index of an interface (RFC 4007 section 11.2), of which 0 is none.
  private static func zone(_ digits: Substring) -> UInt32? {
    guard digits.utf8.allSatisfy({ 0x30...0x39 ~= $0 }) else { return nil }
    return UInt32(digits).flatMap { $0 == 0 ? nil : $0 }
  }

  private static func port(_ digits: Substring) -> UInt16? {
    // `UInt16` itself would take a sign.
    guard digits.utf8.allSatisfy({ 0x30...0x39 ~= $0 }) else { return nil }
    return UInt16(digits)
  }

  /// `host` as a number; a version 6 address may stand in brackets.
  package init?(host: String, port: UInt16) {
    // C would read up to the NUL, and take what follows on trust.
    if host.utf8.contains(0) { return nil }
    var host = host
    let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
    if isBracketed { host = String(host.dropFirst().dropLast()) }
    var four = in_addr()
    if !isBracketed, inet_pton(AF_INET, host, &four) == 1 {
      self = .ipv4(UInt32(bigEndian: four.s_addr), port: port)
      return
    }
    var six = in6_addr()
    guard inet_pton(AF_INET6, host, &six) == 1 else { return nil }
    let halves = withUnsafeBytes(of: &six) {
      ($0.loadUnaligned(as: UInt64.self), $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
    }
    self = .ipv6(halves.0, halves.1, zone: 0, port: port)
  }

  /// Reads what the kernel wrote.
  init?(_ storage: sockaddr_storage, length: socklen_t) {
    var storage = storage
    switch CInt(storage.ss_family) {
    case AF_INET:
      let address = withUnsafeBytes(of: &storage) { $0.loadUnaligned(as: sockaddr_in.self) }
      self = .ipv4(UInt32(bigEndian: address.sin_addr.s_addr), port: UInt16(bigEndian: address.sin_port))
    case AF_INET6:
      self = withUnsafeBytes(of: &storage) { bytes in
        let address = bytes.loadUnaligned(as: sockaddr_in6.self)
        let port = UInt16(bigEndian: address.sin6_port)
        let high = bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
        let low = bytes.loadUnaligned(fromByteOffset: 16, as: UInt64.self)
        return .ipv6(high, low, zone: address.sin6_scope_id, port: port)
      }
    case AF_UNIX:
      let path = withUnsafeBytes(of: &storage) { bytes in
        String(decoding: bytes.dropFirst(2).prefix(max(0, Int(length) - 2)).prefix { $0 != 0 }, as: UTF8.self)
      }
      self = .unix(path)
    default:
      return nil
    }
  }

  package var port: UInt16? {
    switch self {
    case .ipv4(_, let port), .ipv6(_, _, _, let port): port
    case .unix: nil
    }
  }

  /// Only programs on this machine can reach it.
  package var isLocal: Bool {
    switch self {
    case .ipv4(let address, _): address >> 24 == 127
    case .ipv6(let high, let low, _, _): high == 0 && UInt64(bigEndian: low) == 1
    case .unix: true
    }
  }

  /// The address without its port, as `X-Forwarded-For` wants it; empty for a Unix socket. Without its zone too, which
  /// means nothing on another machine (RFC 4007 section 6).
  package var host: String {
    switch self {
    case .ipv4(let address, _):
      return "\(address >> 24).\(address >> 16 & 255).\(address >> 8 & 255).\(address & 255)"
    case .ipv6(let high, let low, _, _):
      var bytes = (high, low)
      return withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(INET6_ADDRSTRLEN)) { text in
        guard inet_ntop(AF_INET6, &bytes, text.baseAddress, socklen_t(text.count)) != nil,
          let base = text.baseAddress
        else { return "" }
        return String(cString: base)
      }
    case .unix: return ""
    }
  }

  /// Host and port as `Host` and URLs have them; `localhost` for a Unix socket.
  package var authority: String {
    switch self {
    case .ipv4(_, let port): "\(host):\(port)"
    case .ipv6(_, _, _, let port): "[\(host)]:\(port)"
    case .unix: "localhost"
    }
  }

  package var description: String {
    switch self {
    case .ipv4(_, let port): "\(host):\(port)"
    case .ipv6(_, _, let zone, let port): zone == 0 ? "[\(host)]:\(port)" : "[\(host)%\(zone)]:\(port)"
    case .unix(let path): "unix:\(path)"
    }
  }

  var family: CInt {
    switch self {
    case .ipv4: AF_INET
    case .ipv6: AF_INET6
    case .unix: AF_UNIX
    }
  }

  /// sun_path holds 108 bytes with its final NUL (unix(7)).
  private static func fits(_ path: String) -> Bool {
    !path.isEmpty && path.utf8.count < 108 && !path.utf8.contains(0)
  }

  /// Throws if the kernel's form has no room for the address: cut short, it would be another one.
  func check(for operation: String) throws(SystemError) {
    guard case .unix(let path) = self, !SocketAddress.fits(path) else { return }
    if path.isEmpty || path.utf8.contains(0) {
      throw SystemError(EINVAL, operation, description, advice: "It must be the path of a file")
    }
    let advice =
      "The path of a Unix socket has at most 107 bytes, and this one has \(path.utf8.count): choose a shorter one"
    throw SystemError(ENAMETOOLONG, operation, description, advice: advice)
  }

  /// Lends the address in the kernel's form.
  func withSockaddr<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
    var storage = sockaddr_storage()
    let length: Int
    switch self {
    case .ipv4(let address, let port):
      var four = sockaddr_in()
      four.sin_family = sa_family_t(AF_INET)
      four.sin_port = port.bigEndian
      four.sin_addr.s_addr = address.bigEndian
      withUnsafeMutableBytes(of: &storage) { $0.storeBytes(of: four, as: sockaddr_in.self) }
      length = MemoryLayout<sockaddr_in>.size
    case .ipv6(let high, let low, let zone, let port):
      var six = sockaddr_in6()
      six.sin6_family = sa_family_t(AF_INET6)
      six.sin6_port = port.bigEndian
      six.sin6_scope_id = zone
      withUnsafeMutableBytes(of: &storage) { bytes in
        bytes.storeBytes(of: six, as: sockaddr_in6.self)
        bytes.storeBytes(of: high, toByteOffset: 8, as: UInt64.self)
        bytes.storeBytes(of: low, toByteOffset: 16, as: UInt64.self)
      }
      length = MemoryLayout<sockaddr_in6>.size
    case .unix(let path):
      storage.ss_family = sa_family_t(AF_UNIX)
      withUnsafeMutableBytes(of: &storage) { bytes in
        for (offset, byte) in path.utf8.prefix(107).enumerated() { bytes[2 + offset] = byte }
      }
      length = 2 + min(path.utf8.count, 107) + 1
    }
    return withUnsafePointer(to: &storage) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(length)) }
    }
  }
}
