import Glibc

/// One keep-alive connection to a gateway: a request, and its whole answer.
struct GatewayConnection: ~Copyable {
  private let socket: Socket
  private let authorization: String?

  struct Answer {
    let status: Int
    let body: String
    /// When its first byte was there.
    let began: Int64
  }

  /// `authorization` goes with each request.
  init(port: UInt16, authorization: String? = nil) throws(BenchError) {
    guard let socket = try Socket.connect(to: .local(port)) else { throw .failed("nobody listens on port \(port)") }
    self.socket = socket
    self.authorization = authorization
  }

  /// Blocks until the answer is whole; no answer within 20 s is an error.
  func ask(_ method: String, _ path: String, _ body: [UInt8] = []) throws(BenchError) -> Answer {
    try send(method, path, body)
    return try receive()
  }

  func send(_ method: String, _ path: String, _ body: [UInt8] = []) throws(BenchError) {
    var head = "\(method) \(path) HTTP/1.1\r\nHost: bench\r\n"
    if let authorization { head += "Authorization: \(authorization)\r\n" }
    if !body.isEmpty || method != "GET" { head += "Content-Length: \(body.count)\r\n" }
    var rest = (Array("\(head)\r\n".utf8) + body)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.send(socket.descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      try BenchError.checkInterruption()
      guard count > 0 else { throw .system("cannot send \(method) \(path)") }
      rest = rest.dropFirst(count)
    }
  }

  func receive() throws(BenchError) -> Answer {
    let deadline = Clock.now() + 20_000_000_000
    let began = try Exchange.firstByte(on: socket, deadline: deadline) { () throws(BenchError) in
      try BenchError.checkInterruption()
    }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 16_384)
    while true {
      let count = recv(socket.descriptor, &buffer, buffer.count, 0)
      try BenchError.checkInterruption()
      guard count > 0 else { throw .failed("the gateway closed a connection in the middle of an answer") }
      bytes.append(contentsOf: buffer[..<count])
      guard let end = Exchange.end(ofHeaderIn: bytes) else { continue }
      let header = String(decoding: bytes[..<end], as: UTF8.self)
      guard bytes.count >= end + Self.length(header) else { continue }
      return Answer(
        status: Self.status(header), body: String(decoding: bytes[end...], as: UTF8.self), began: began)
    }
  }

  private static func status(_ header: String) -> Int {
    let words = header.split(separator: " ", maxSplits: 2)
    return words.count > 1 ? Int(words[1]) ?? 0 : 0
  }

  private static func length(_ header: String) -> Int {
    for line in header.split(whereSeparator: \.isNewline).dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1)
      guard parts.count == 2, parts[0].lowercased() == "content-length" else { continue }
      return Int(parts[1].filter { $0 != " " }) ?? 0
    }
    return 0
  }

  var descriptor: Int32 { socket.descriptor }
}
