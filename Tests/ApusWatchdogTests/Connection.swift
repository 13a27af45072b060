import ApusIO
import Glibc

/// A client of a test's own: exactly these bytes out, those bytes in, and nothing waits longer than twenty seconds.
final class Connection {
  private var descriptor: CInt

  init(_ address: SocketAddress) throws {
    descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw SystemError(errno, "open a socket") }
    var limit = timeval(tv_sec: 20, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    // As ip(7) lays it out.
    let port = address.port ?? 0
    var bytes: [UInt8] =
      [UInt8(AF_INET), 0, UInt8(port >> 8), UInt8(port & 255), 127, 0, 0, 1] + [UInt8](repeating: 0, count: 8)
    let failed = bytes.withUnsafeMutableBytes { memory in
      memory.baseAddress.map { connect(descriptor, $0.assumingMemoryBound(to: sockaddr.self), 16) } ?? -1
    }
    guard failed == 0 else {
      let error = SystemError(errno, "connect to", address.description)
      close()
      throw error
    }
  }

  deinit { close() }

  func close() {
    if descriptor >= 0 { Glibc.close(descriptor) }
    descriptor = -1
  }

  func send(_ text: String) throws {
    try send(Array(text.utf8))
  }

  func send(_ bytes: [UInt8]) throws {
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL))
      }
      guard count > 0 else { throw SystemError(errno, "send") }
      sent += count
    }
  }

  /// Up to and with `mark`, or what came before the end or the time limit.
  func receive(through mark: String) -> String {
    var bytes: [UInt8] = []
    let wanted = Array(mark.utf8)
    while !bytes.suffix(wanted.count).elementsEqual(wanted), let more = receiveSome(1), !more.isEmpty { bytes += more }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// One response, after which the connection is closed or reset.
  func receiveAnswer(isHead: Bool = false) -> Answer {
    var bytes: [UInt8] = []
    while let more = receiveSome(65_536), !more.isEmpty { bytes += more }
    return Answer(bytes, isHead: isHead)
  }

  /// Nil on an error or after the time limit; empty at the end.
  private func receiveSome(_ limit: Int) -> [UInt8]? {
    var block = [UInt8](repeating: 0, count: limit)
    let count = recv(descriptor, &block, limit, 0)
    return count >= 0 ? Array(block[..<count]) : nil
  }
}

/// A response as it came.
struct Answer {
  private(set) var head = ""
  private(set) var bytes: [UInt8] = []
  /// Its content came to the end that its head promised.
  private(set) var isWhole = false

  var body: String { String(decoding: bytes, as: UTF8.self) }
  var status: Int { head.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0 }

  init(_ all: [UInt8], isHead: Bool) {
    let mark = Array("\r\n\r\n".utf8)
    guard let end = all.indices.first(where: { all[$0...].starts(with: mark) }) else { return }
    head = String(decoding: all[..<end], as: UTF8.self)
    let rest = Array(all[(end + 4)...])
    if header("Transfer-Encoding") == "chunked" {
      readChunks(rest)
    } else {
      bytes = rest
      isWhole = isHead || header("Content-Length").flatMap { Int($0) } ?? 0 == rest.count
    }
  }

  private mutating func readChunks(_ all: [UInt8]) {
    var rest = all[...]
    while let line = rest.firstIndex(of: UInt8(ascii: "\r")), line + 1 < rest.endIndex {
      guard let size = Int(String(decoding: rest[rest.startIndex..<line], as: UTF8.self), radix: 16) else { return }
      rest = rest[(line + 2)...]
      if size == 0 {
        isWhole = rest.elementsEqual("\r\n".utf8)
        return
      }
      bytes += rest.prefix(size)
      guard rest.count >= size + 2 else { return }
      rest = rest.dropFirst(size + 2)
    }
  }

  func header(_ name: String) -> String? {
    head.split(separator: "\r\n").first { $0.lowercased().hasPrefix(name.lowercased() + ": ") }
      .map { String($0.dropFirst(name.count + 2)) }
  }
}
