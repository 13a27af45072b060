import Glibc

/// A Unix path, or 127.0.0.0/16 plus `host` and a TCP port.
enum SocketAddress: CustomStringConvertible {
  case unix(String)
  case tcp(host: UInt16, port: UInt16)

  static func local(_ port: UInt16) -> SocketAddress { .tcp(host: 1, port: port) }

  var family: Int32 {
    switch self {
    case .unix: AF_UNIX
    case .tcp: AF_INET
    }
  }

  var description: String {
    switch self {
    case .unix(let path): path
    case .tcp(let host, let port): "127.0.\(host >> 8).\(host & 255):\(port)"
    }
  }

  func withPointer<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
    switch self {
    case .unix(let path):
      var name = sockaddr_un()
      name.sun_family = sa_family_t(AF_UNIX)
      withUnsafeMutableBytes(of: &name.sun_path) { field in
        // The last byte stays zero.
        for (index, byte) in path.utf8.prefix(field.count - 1).enumerated() { field[index] = byte }
      }
      return Self.pointer(to: name, body)
    case .tcp(let host, let port):
      var name = sockaddr_in()
      name.sin_family = sa_family_t(AF_INET)
      name.sin_port = port.bigEndian
      name.sin_addr.s_addr = (UInt32(127) << 24 | UInt32(host)).bigEndian
      return Self.pointer(to: name, body)
    }
  }

  private static func pointer<Name, Result>(
    to name: Name, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
  ) -> Result {
    withUnsafePointer(to: name) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<Name>.size)) }
    }
  }
}
