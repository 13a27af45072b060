import Glibc

/// Many connections to one port, from as many loopback addresses as that takes; closed by reset at the end.
final class Connections {
  private let port: UInt16
  private var sockets: [Int32] = []

  /// Well below the 28,000 ephemeral ports that one source address has towards one port.
  private static let perAddress = 4000

  init(port: UInt16) { self.port = port }

  // SO_LINGER goes with the socket, so a close is a reset here too.
  deinit { closeAll() }

  func closeAll() {
    for descriptor in sockets where descriptor >= 0 { close(descriptor) }
    sockets = []
  }

  var count: Int { sockets.count }

  func open(request: [UInt8], wantsAnswer: Bool) throws(BenchError) {
    sockets.append(try connected(request: request, wantsAnswer: wantsAnswer))
  }

  /// One that says nothing yet.
  func connect() throws(BenchError) { sockets.append(try connected(request: [], wantsAnswer: false)) }

  func send(_ request: [UInt8], at index: Int) throws(BenchError) {
    let sent = request.withUnsafeBytes { Glibc.send(sockets[index], $0.baseAddress, $0.count, Self.flags) }
    guard sent == request.count else { throw .system("cannot send on connection number \(index + 1)") }
  }

  /// When each had the first byte of its answer, which must be a 200; in the order in which they came.
  func answers(by deadline: Int64) throws(BenchError) -> [Int64] {
    var waiting = sockets.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    var times: [Int64] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while !waiting.isEmpty {
      guard Clock.now() < deadline else { throw .failed("\(waiting.count) calls were not answered in time") }
      _ = poll(&waiting, nfds_t(waiting.count), 100)
      let now = Clock.now()
      try BenchError.checkInterruption()
      for entry in waiting where entry.revents != 0 {
        let count = recv(entry.fd, &buffer, buffer.count, 0)
        let start = String(decoding: buffer[..<max(0, count)].prefix(12), as: UTF8.self)
        guard start == "HTTP/1.1 200" else { throw .failed("a call was answered '\(start)'") }
        times.append(now)
      }
      waiting.removeAll { $0.revents != 0 }
    }
    return times
  }

  func reopen(_ index: Int, request: [UInt8]) throws(BenchError) {
    close(sockets[index])
    sockets[index] = -1
    sockets[index] = try connected(request: request, wantsAnswer: false)
  }

  /// Sends a byte if the connection still takes one.
  func send(_ byte: UInt8, at index: Int) -> Bool {
    var byte = byte
    return Glibc.send(sockets[index], &byte, 1, Self.flags) == 1
  }

  /// How many the server has not closed.
  var open: Int {
    var byte: UInt8 = 0
    return sockets.count { recv($0, &byte, 1, Self.flags | Int32(MSG_PEEK)) < 0 && errno == EAGAIN }
  }

  private static let flags = Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL)

  private func connected(request: [UInt8], wantsAnswer: Bool) throws(BenchError) -> Int32 {
    let source = SocketAddress.tcp(host: UInt16(2 + sockets.count / Self.perAddress), port: 0)
    guard let socket = try Socket.connect(to: .local(port), from: source) else {
      throw .failed("127.0.0.1:\(port) refuses connection number \(sockets.count + 1)")
    }
    let sent = request.withUnsafeBytes { Glibc.send(socket.descriptor, $0.baseAddress, $0.count, Self.flags) }
    guard sent == request.count else { throw .system("cannot send on connection number \(sockets.count + 1)") }
    if wantsAnswer {
      let deadline = Clock.now() + 5_000_000_000
      _ = try Exchange.firstByte(on: socket, deadline: deadline) { () throws(BenchError) in
        try BenchError.checkInterruption()
      }
      try Exchange.readAnswer(on: socket)
    }
    return socket.release()
  }
}
