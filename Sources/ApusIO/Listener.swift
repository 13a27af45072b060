import CLinux
import Glibc

/// A listening socket on a loop.
// Safe because it is touched only by its loop's thread (asserted in debug builds).
package final class Listener: @unchecked Sendable {
  package let loop: Loop
  package let address: SocketAddress
  private let readiness: Readiness
  private let descriptor: CInt

  /// Takes over a listening descriptor; `address` is what the kernel says of it.
  package init(_ descriptor: consuming Descriptor, on loop: Loop) throws(SystemError) {
    try descriptor.setNonBlocking()
    try descriptor.setCloseOnExec()
    self.loop = loop
    address = try Listener.localAddress(descriptor.raw)
    readiness = try Readiness(descriptor.raw, on: loop)
    self.descriptor = descriptor.release()
  }

  deinit {
    close()
  }

  /// Binds and listens. With `sharesPort` several loops may each have a listener on one port (SO_REUSEPORT).
  package static func bind(
    _ address: SocketAddress, sharesPort: Bool = false, backlog: CInt = 4096
  ) throws(SystemError) -> Descriptor {
    try address.check(for: "listen on")
    let socket = try makeSocket(address.family)
    var on: CInt = 1
    let size = socklen_t(MemoryLayout<CInt>.size)
    if address.port != nil {
      setsockopt(socket.raw, SOL_SOCKET, SO_REUSEADDR, &on, size)
      if sharesPort { setsockopt(socket.raw, SOL_SOCKET, SO_REUSEPORT, &on, size) }
    }
    if case .ipv6 = address { setsockopt(socket.raw, CInt(IPPROTO_IPV6), IPV6_V6ONLY, &on, size) }
    guard address.withSockaddr({ Glibc.bind(socket.raw, $0, $1) }) == 0 else {
      throw SystemError(errno, "listen on", address.description, advice: bindAdvice(errno, address))
    }
    guard listen(socket.raw, backlog) == 0 else { throw SystemError(errno, "listen on", address.description) }
    return socket
  }

  private static func bindAdvice(_ code: CInt, _ address: SocketAddress) -> String {
    switch (code, address) {
    case (EACCES, .unix): "The folder must be writable for this user"
    case (EACCES, _): "Ports below 1024 need root or CAP_NET_BIND_SERVICE; choose a higher port"
    case (EADDRINUSE, .unix(let path)): "If no other program uses it, remove \(path)"
    default: ""
    }
  }

  /// The next connection, or nil once closed. What the peer did wrong before we accepted it is skipped.
  package func accept() async throws(SystemError) -> Stream? {
    while true {
      // Closed meanwhile: the number may be another file's by now.
      if readiness.isClosed { return nil }
      let result = loop.system.accept(descriptor)
      if result >= 0 {
        let accepted = Descriptor(owning: CInt(result))
        let peer = prepare(accepted.raw)
        // A TCP peer without an address has reset the connection already. Only a Unix socket's peer has none: others
        // conclude from that who it is.
        if peer == nil, address.port != nil { continue }
        return try Stream(accepted, on: loop, peer: peer, isSocket: true)
      }
      switch CInt(-result) {
      case EINTR, ECONNABORTED, EPROTO, EPERM, ENETDOWN, EHOSTDOWN, ENONET, EHOSTUNREACH, ENETUNREACH, ENOPROTOOPT:
        // accept(2): errors of the new connection arrive here and are to be treated like EAGAIN.
        continue
      case EAGAIN:
        readiness.exhausted(.read)
        guard await readiness.readable() == .ready else { return nil }
      case let code:
        throw SystemError(code, "accept a connection on", address.description)
      }
    }
  }

  /// Small answers leave at once (no Nagle), and the peer's address is asked for while it is known.
  private func prepare(_ descriptor: CInt) -> SocketAddress? {
    if case .unix = address { return nil }
    var on: CInt = 1
    setsockopt(descriptor, CInt(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<CInt>.size))
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    let failed = withUnsafeMutablePointer(to: &storage) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getpeername(descriptor, $0, &length) }
    }
    return failed == 0 ? SocketAddress(storage, length: length) : nil
  }

  /// Stops listening; a task in `accept` gets nil.
  package func close() {
    guard !readiness.isClosed else { return }
    readiness.close()
    Glibc.close(descriptor)
  }

  package static func localAddress(_ descriptor: CInt) throws(SystemError) -> SocketAddress {
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    let failed = withUnsafeMutablePointer(to: &storage) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
    }
    guard failed == 0 else { throw SystemError(errno, "ask for the address of descriptor", "\(descriptor)") }
    guard let address = SocketAddress(storage, length: length) else {
      throw SystemError(EAFNOSUPPORT, "use descriptor", "\(descriptor)", advice: "It must be a TCP or Unix socket")
    }
    return address
  }
}

/// A socket of that family, non-blocking and closed on exec.
func makeSocket(_ family: CInt) throws(SystemError) -> Descriptor {
  let flags = CInt(APUS_SOCK_NONBLOCK | APUS_SOCK_CLOEXEC)
  let raw = socket(family, CInt(SOCK_STREAM.rawValue) | flags, 0)
  guard raw >= 0 else { throw SystemError(errno, "open a socket") }
  return Descriptor(owning: raw)
}
