import CLinux
import Glibc

extension Stream {
  /// Connects to `address` before `deadline`.
  package static func connect(
    to address: SocketAddress, on loop: Loop, deadline: Instant = .never
  ) async throws(IOError) -> Stream {
    let stream: Stream
    let failure: CInt
    do throws(SystemError) {
      try address.check(for: "connect to")
      let socket = try makeSocket(address.family)
      if address.port != nil {
        var on: CInt = 1
        setsockopt(socket.raw, CInt(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<CInt>.size))
      }
      failure = address.withSockaddr { Glibc.connect(socket.raw, $0, $1) } == 0 ? 0 : errno
      stream = try Stream(socket, on: loop, peer: address, isSocket: true)
    } catch {
      throw .system(error)
    }
    switch failure {
    case 0: return stream
    case EINPROGRESS: break
    // A Unix socket whose waiting line is full says EAGAIN (connect(2)); that is a refusal, not a promise.
    default: throw .system(SystemError(failure, "connect to", address.description, advice: connectAdvice(failure)))
    }
    try await stream.finishConnecting(to: address, before: deadline)
    return stream
  }

  private func finishConnecting(to address: SocketAddress, before deadline: Instant) async throws(IOError) {
    mustWaitToWrite()
    setDeadline(deadline, for: .write)
    do throws(IOError) {
      try await writable()
    } catch {
      close()
      throw error
    }
    setDeadline(.never, for: .write)
    var code: CInt = 0
    var length = socklen_t(MemoryLayout<CInt>.size)
    getsockopt(raw, SOL_SOCKET, SO_ERROR, &code, &length)
    guard code == 0 else {
      close()
      throw .system(SystemError(code, "connect to", address.description, advice: Stream.connectAdvice(code)))
    }
  }

  /// Bytes of ours that the peer's kernel has acknowledged, on a connection that we made; one more once `endWriting` is
  /// acknowledged too. Nil for anything but TCP. Also after the connection broke.
  package var bytesAcknowledged: UInt64? {
    guard !isClosed else { return nil }
    let count = apus_bytes_acknowledged(raw)
    return count >= 0 ? UInt64(count) : nil
  }

  private static func connectAdvice(_ code: CInt) -> String {
    switch code {
    case ECONNREFUSED: "Nothing listens there: is the program running, and is the address right?"
    case ENOENT: "The socket file does not exist: has the program started?"
    case EAGAIN: "Its waiting line is full: the program does not accept fast enough"
    default: ""
    }
  }
}
