import ApusIO
import Glibc

/// A blocking socket of a test's own: these bytes out, those bytes in, and nothing waits longer than ten seconds.
final class RawSocket {
  /// How the peer's side of a connection came to its end.
  enum End: Equatable {
    /// An end of input: the peer closed in good order.
    case closed
    case reset
    /// Nothing came for as long as the test was ready to wait.
    case open
  }

  private(set) var descriptor: CInt

  private init(_ descriptor: CInt) {
    self.descriptor = descriptor
    setTimeout(.seconds(10))
  }

  deinit { close() }

  // MARK: - Opening

  /// Connects; a small `window` lets few bytes wait in the kernel, so that back-pressure shows early.
  static func connect(to address: SocketAddress, window: CInt? = nil) throws -> RawSocket {
    let socket = RawSocket(try make(address, window))
    guard withSockaddr(address, { Glibc.connect(socket.descriptor, $0, $1) }) == 0 else {
      throw SystemError(errno, "connect to", address.description)
    }
    return socket
  }

  /// Sends the first packet of a connection and waits for nothing.
  static func beginConnecting(to address: SocketAddress) -> RawSocket? {
    guard let descriptor = try? make(address, nil) else { return nil }
    let socket = RawSocket(descriptor)
    _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
    _ = withSockaddr(address) { Glibc.connect(descriptor, $0, $1) }
    return socket
  }

  /// Listens where the caller says, or on a free port.
  static func listen(
    on address: SocketAddress? = nil, window: CInt? = nil, backlog: CInt = 64
  ) throws -> (RawSocket, SocketAddress) {
    for _ in 0..<100 {
      let address = address ?? freeAddress()
      let socket = RawSocket(try make(address, window))
      var on: CInt = 1
      setsockopt(socket.descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<CInt>.size))
      if withSockaddr(address, { Glibc.bind(socket.descriptor, $0, $1) }) == 0,
        Glibc.listen(socket.descriptor, backlog) == 0
      {
        return (socket, address)
      }
    }
    throw SystemError(errno, "find a free port")
  }

  /// Below the range of ports from which the kernel takes those of clients.
  static func freeAddress() -> SocketAddress { .loopback(port: UInt16.random(in: 12_000..<32_000)) }

  /// The next connection; nil if none came in time.
  func accept(within time: Duration = .seconds(10)) -> RawSocket? {
    guard becomesReadable(within: time) else { return nil }
    let accepted = Glibc.accept(descriptor, nil, nil)
    return accepted >= 0 ? RawSocket(accepted) : nil
  }

  // MARK: - Sending

  func send(_ text: String) throws { try send(Array(text.utf8)) }

  func send(_ bytes: [UInt8]) throws {
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress.map { $0 + sent }, bytes.count - sent, CInt(MSG_NOSIGNAL))
      }
      guard count > 0 else { throw SystemError(errno, "send to the server") }
      sent += count
    }
  }

  /// Sends what the kernel takes at once; answers how much.
  func sendWithoutWaiting(_ bytes: [UInt8]) -> Int {
    max(0, Glibc.send(descriptor, bytes, bytes.count, CInt(MSG_NOSIGNAL | MSG_DONTWAIT)))
  }

  func endWriting() { shutdown(descriptor, CInt(SHUT_WR)) }

  /// Closes so that the peer gets a reset.
  func reset() {
    var now = linger(l_onoff: 1, l_linger: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &now, socklen_t(MemoryLayout<linger>.size))
    close()
  }

  func close() {
    guard descriptor >= 0 else { return }
    Glibc.close(descriptor)
    descriptor = -1
  }

  // MARK: - Receiving

  /// One read: what is there, or what comes first.
  func receiveSome(_ limit: Int = 65_536) -> (bytes: [UInt8], end: End?) {
    var block = [UInt8](repeating: 0, count: limit)
    let count = Glibc.recv(descriptor, &block, limit, 0)
    if count > 0 { return (Array(block[..<count]), nil) }
    if count == 0 { return ([], .closed) }
    return ([], errno == EAGAIN ? .open : .reset)
  }

  /// Exactly `count` bytes, or what came before the end.
  func receive(_ count: Int) -> String {
    var bytes: [UInt8] = []
    while bytes.count < count {
      let (more, end) = receiveSome(count - bytes.count)
      bytes += more
      if end != nil { break }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Up to and with `mark`, or what came before the end.
  func receive(through mark: String) -> String {
    var bytes: [UInt8] = []
    let wanted = Array(mark.utf8)
    while !bytes.suffix(wanted.count).elementsEqual(wanted) {
      let (more, end) = receiveSome(1)
      bytes += more
      if end != nil { break }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  func receiveHead() -> String { receive(through: "\r\n\r\n") }

  /// All that comes, and how it ended.
  func receiveAll(within time: Duration = .seconds(10)) -> (text: String, end: End) {
    let (bytes, end) = receiveAllBytes(within: time)
    return (String(decoding: bytes, as: UTF8.self), end)
  }

  func receiveAllBytes(within time: Duration = .seconds(10)) -> (bytes: [UInt8], end: End) {
    setTimeout(time)
    defer { setTimeout(.seconds(10)) }
    var bytes: [UInt8] = []
    while true {
      let (more, end) = receiveSome()
      bytes += more
      if let end { return (bytes, end) }
    }
  }

  /// Whether bytes or an end arrive in time. They stay unread.
  func becomesReadable(within time: Duration) -> Bool {
    var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&waiting, 1, CInt(time.nanosecondsClamped / 1_000_000)) > 0
  }

  // MARK: - Addresses

  private func setTimeout(_ time: Duration) {
    let microseconds = Int(time.nanosecondsClamped / 1_000)
    var value = timeval(tv_sec: microseconds / 1_000_000, tv_usec: microseconds % 1_000_000)
    let size = socklen_t(MemoryLayout<timeval>.size)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &value, size)
    var sending = timeval(tv_sec: 10, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &sending, size)
  }

  private static func make(_ address: SocketAddress, _ window: CInt?) throws -> CInt {
    let family = address.port == nil ? AF_UNIX : AF_INET
    let descriptor = socket(family, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw SystemError(errno, "open a socket") }
    if var window {
      let size = socklen_t(MemoryLayout<CInt>.size)
      setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &window, size)
      setsockopt(descriptor, SOL_SOCKET, SO_SNDBUF, &window, size)
    }
    return descriptor
  }

  private static func withSockaddr<R>(_ address: SocketAddress, _ body: (UnsafePointer<sockaddr>, socklen_t) -> R) -> R
  {
    // By hand, as ip(7) and unix(7) lay it out: the family in the machine's order, the port in the network's.
    let port = address.port ?? 0
    var bytes: [UInt8] = [UInt8(AF_INET), 0, UInt8(port >> 8), UInt8(port & 255), 127, 0, 0, 1]
    bytes += [UInt8](repeating: 0, count: 8)
    if case .unix(let path) = address { bytes = [UInt8(AF_UNIX), 0] + Array(path.utf8) + [0] }
    return withUnsafeTemporaryAllocation(byteCount: bytes.count, alignment: 8) { storage in
      storage.copyBytes(from: bytes)
      guard let base = storage.baseAddress else { preconditionFailure("an allocation without an address") }
      return body(UnsafeRawPointer(base).assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count))
    }
  }
}
