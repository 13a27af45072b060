import ApusIO
import Glibc

/// One connection to a gateway, for requests whose every byte the test chooses, which curl would not let it.
final class WireConnection {
  private let socket: Descriptor
  private var seen: [UInt8] = []
  private var isInBody = false

  init(port: UInt16) throws {
    signal(SIGPIPE, SIG_IGN)
    socket = Descriptor(owning: Glibc.socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    let outcome = withUnsafeBytes(of: &address) { bytes in
      bytes.withMemoryRebound(to: sockaddr.self) { connect(socket.raw, $0.baseAddress, socklen_t(bytes.count)) }
    }
    guard outcome == 0 else { throw SystemError(errno, "connect to port", "\(port)") }
  }

  func send(_ text: String) throws {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(socket.raw, $0.baseAddress, $0.count) }
      guard count > 0 else { throw SystemError(errno, "send to", "the gateway") }
      rest = rest.dropFirst(count)
    }
  }

  /// The next answer, whole; the connection is then ready for another request.
  func answer(toHead: Bool = false) throws -> WireAnswer {
    var answer = try head()
    if toHead || answer.status == 204 || answer.status == 304 { return answer }
    if answer["transfer-encoding"] == "chunked" {
      while let chunk = try chunk() { answer.bytes += chunk }
    } else {
      answer.bytes = try take(Int(answer["content-length"] ?? "") ?? 0)
    }
    return answer
  }

  func head() throws -> WireAnswer {
    var lines: [String] = []
    while true {
      let line = try line()
      if line.isEmpty { break }
      lines.append(line)
    }
    guard let answer = WireAnswer(head: lines.joined(separator: "\r\n")) else {
      throw SystemError(EPROTO, "read the answer", lines.first ?? "")
    }
    return answer
  }

  /// The next chunk of a body (RFC 9112 section 7.1); nil at its end.
  func chunk() throws -> [UInt8]? {
    // A chunk's last two bytes may come with the next one; what it holds is there before.
    if isInBody { try endChunk() }
    let size = try line()
    guard let count = Int(size.prefix { $0 != ";" }, radix: 16) else { throw SystemError(EPROTO, "read a chunk", size) }
    isInBody = count > 0
    if isInBody { return try take(count) }
    try endChunk()
    return nil
  }

  /// What follows the last chunk of a body (RFC 9112 section 7.1.2), line by line.
  func trailers() throws -> [String] {
    if isInBody { try endChunk() }
    isInBody = false
    let size = try line()
    guard size == "0" else { throw SystemError(EPROTO, "read the last chunk", size) }
    var lines: [String] = []
    while true {
      let line = try line()
      if line.isEmpty { return lines }
      lines.append(line)
    }
  }

  private func endChunk() throws {
    let rest = try line()
    guard rest.isEmpty else { throw SystemError(EPROTO, "read a chunk's end", rest) }
  }

  private func line() throws -> String {
    while true {
      if let end = seen.firstIndex(of: UInt8(ascii: "\n")) {
        defer { seen.removeFirst(end + 1) }
        return String(decoding: seen[..<end].dropLast(), as: UTF8.self)
      }
      try receive()
    }
  }

  func take(_ count: Int) throws -> [UInt8] {
    while seen.count < count { try receive() }
    defer { seen.removeFirst(count) }
    return Array(seen[..<count])
  }

  private func receive() throws {
    var waiting = pollfd(fd: socket.raw, events: Int16(POLLIN), revents: 0)
    guard poll(&waiting, 1, 20_000) == 1 else { throw SystemError(ETIMEDOUT, "hear from", "the gateway") }
    var block = [UInt8](repeating: 0, count: 65_536)
    let count = read(socket.raw, &block, block.count)
    guard count > 0 else { throw SystemError(count < 0 ? errno : ECONNRESET, "read from", "the gateway") }
    seen += block[..<count]
  }
}
