import ApusIO
import Glibc

/// A client of a test's own: exactly these bytes out, those bytes in, and nothing waits longer than ten seconds.
final class RawClient {
  private var descriptor: CInt

  init(_ address: SocketAddress) throws {
    let family = address.port == nil ? AF_UNIX : AF_INET
    descriptor = socket(family, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw SystemError(errno, "open a socket") }
    var limit = timeval(tv_sec: 10, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    let bytes = RawClient.bytes(of: address)
    let failed = withUnsafeTemporaryAllocation(byteCount: bytes.count, alignment: 8) { storage in
      storage.copyBytes(from: bytes)
      guard let base = storage.baseAddress?.assumingMemoryBound(to: sockaddr.self) else { return CInt(-1) }
      return connect(descriptor, base, socklen_t(bytes.count))
    }
    guard failed == 0 else {
      let error = SystemError(errno, "connect to", address.description)
      close()
      throw error
    }
  }

  /// `http://127.0.0.1:1234`, as a served function says it.
  convenience init(url: String) throws {
    guard let address = SocketAddress(String(url.dropFirst("http://".count))) else {
      throw SystemError(EINVAL, "use the address", url)
    }
    try self.init(address)
  }

  deinit { close() }

  func close() {
    if descriptor >= 0 { Glibc.close(descriptor) }
    descriptor = -1
  }

  func send(_ text: String) throws {
    let bytes = Array(text.utf8)
    guard Glibc.send(descriptor, bytes, bytes.count, CInt(MSG_NOSIGNAL)) == bytes.count else {
      throw SystemError(errno, "send")
    }
  }

  /// Up to and with `mark`, or what came before the end or the time limit.
  func receive(through mark: String) -> String {
    var bytes: [UInt8] = []
    let wanted = Array(mark.utf8)
    while !bytes.suffix(wanted.count).elementsEqual(wanted), let more = receiveSome(1), !more.isEmpty { bytes += more }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// All that comes until the connection ends, and whether it did.
  func receiveAll() -> (text: String, isEnded: Bool) {
    var bytes: [UInt8] = []
    while let more = receiveSome(65_536) {
      if more.isEmpty { return (String(decoding: bytes, as: UTF8.self), true) }
      bytes += more
    }
    let isReset = errno == ECONNRESET
    return (String(decoding: bytes, as: UTF8.self), isReset)
  }

  /// One response with a Content-Length.
  func receiveAnswer() -> RawAnswer {
    let head = receive(through: "\r\n\r\n")
    var answer = RawAnswer(head)
    guard let length = answer.header("Content-Length").flatMap({ Int($0) }) else { return answer }
    var bytes: [UInt8] = []
    while bytes.count < length, let more = receiveSome(length - bytes.count), !more.isEmpty { bytes += more }
    answer.body = String(decoding: bytes, as: UTF8.self)
    return answer
  }

  /// Nil on an error or after ten seconds; empty at the end.
  private func receiveSome(_ limit: Int) -> [UInt8]? {
    var block = [UInt8](repeating: 0, count: limit)
    let count = recv(descriptor, &block, limit, 0)
    return count >= 0 ? Array(block[..<count]) : nil
  }

  /// As ip(7) and unix(7) lay it out.
  private static func bytes(of address: SocketAddress) -> [UInt8] {
    if case .unix(let path) = address { return [UInt8(AF_UNIX), 0] + Array(path.utf8) + [0] }
    let port = address.port ?? 0
    return [UInt8(AF_INET), 0, UInt8(port >> 8), UInt8(port & 255), 127, 0, 0, 1] + [UInt8](repeating: 0, count: 8)
  }
}

/// A response as it came.
struct RawAnswer {
  let head: String
  var body = ""

  init(_ head: String) { self.head = head }

  var status: Int { head.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0 }

  func headers(_ name: String) -> [String] {
    head.split(separator: "\r\n").compactMap { line in
      line.lowercased().hasPrefix(name.lowercased() + ": ") ? String(line.dropFirst(name.count + 2)) : nil
    }
  }

  func header(_ name: String) -> String? { headers(name).first }
}
