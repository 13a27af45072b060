import Glibc

/// A socket of our own that closes itself; TCP ones with a reset, so that no port stays in TIME_WAIT.
struct Socket: ~Copyable {
  let descriptor: Int32

  private init(_ address: SocketAddress) throws(BenchError) {
    let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    descriptor = socket(address.family, kind, 0)
    guard descriptor >= 0 else { throw .system("cannot make a socket") }
    if address.family == AF_INET {
      var abrupt = linger(l_onoff: 1, l_linger: 0)
      setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &abrupt, socklen_t(MemoryLayout<linger>.size))
      setOption(IPPROTO_TCP, TCP_NODELAY)
    }
  }

  deinit { close(descriptor) }

  /// Gives up the descriptor to the caller, who closes it.
  consuming func release() -> Int32 {
    let released = descriptor
    discard self
    return released
  }

  /// A listening socket.
  static func listening(on address: SocketAddress) throws(BenchError) -> Socket {
    let socket = try Socket(address)
    let bound = address.withPointer { bind(socket.descriptor, $0, $1) }
    guard bound == 0, listen(socket.descriptor, 4096) == 0 else { throw .system("cannot listen on \(address)") }
    return socket
  }

  /// A connection, or nil if nobody listens there yet.
  static func connect(to address: SocketAddress, from source: SocketAddress? = nil) throws(BenchError) -> Socket? {
    let socket = try Socket(address)
    if let source {
      // ip(7), IP_BIND_ADDRESS_NO_PORT: the port is chosen at connect, so each source address has its own range.
      socket.setOption(Int32(IPPROTO_IP), 24)
      guard source.withPointer({ bind(socket.descriptor, $0, $1) }) == 0 else {
        throw .system("cannot bind to \(source)")
      }
    }
    if address.withPointer({ Glibc.connect(socket.descriptor, $0, $1) }) == 0 { return socket }
    try BenchError.checkInterruption()
    guard errno == ECONNREFUSED || errno == ENOENT || errno == EAGAIN else {
      throw .system("cannot connect to \(address)")
    }
    return nil
  }

  private func setOption(_ level: Int32, _ option: Int32) {
    var yes: Int32 = 1
    setsockopt(descriptor, level, option, &yes, socklen_t(MemoryLayout<Int32>.size))
  }

  private func setOption(_ level: Int, _ option: Int32) { setOption(Int32(level), option) }

  /// A TCP port below the ephemeral range, free a moment ago; above it loopback can connect to itself.
  static func freePort() throws(BenchError) -> UInt16 {
    for _ in 0..<1000 {
      let port = UInt16.random(in: 20_000...32_000)
      if (try? Socket.listening(on: .local(port))) != nil { return port }
    }
    throw .failed("found no free port between 20000 and 32000 on 127.0.0.1")
  }
}
