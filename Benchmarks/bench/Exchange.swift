import Glibc

/// One request and its answer, blocking, on a connection of ours.
enum Exchange {
  static let request = Array("GET / HTTP/1.1\r\nHost: bench\r\n\r\n".utf8)

  static func send(on socket: borrowing Socket) throws(BenchError) {
    let count = request.withUnsafeBytes {
      Glibc.send(socket.descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
    }
    guard count == request.count else { throw .system("cannot send a request") }
  }

  /// Waits until there is something to read, and returns the time; `checking` is called while there is not.
  static func firstByte(
    on socket: borrowing Socket, deadline: Int64, checking: () throws(BenchError) -> Void
  ) throws(BenchError) -> Int64 {
    while true {
      var interest = pollfd(fd: socket.descriptor, events: Int16(POLLIN), revents: 0)
      if poll(&interest, 1, 5) > 0 { return Clock.now() }
      try checking()
      guard Clock.now() < deadline else { throw .failed("no answer in time") }
    }
  }

  /// Reads one whole answer, and throws unless it is a 200 with a Content-Length.
  static func readAnswer(on socket: borrowing Socket) throws(BenchError) {
    var answer: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = recv(socket.descriptor, &buffer, buffer.count, 0)
      try BenchError.checkInterruption()
      guard count > 0 else {
        if count == 0 { throw .failed("the connection was closed in the middle of an answer") }
        throw .system("cannot read an answer")
      }
      answer.append(contentsOf: buffer[..<count])
      guard let end = end(ofHeaderIn: answer) else {
        guard answer.count < 65_536 else { throw .failed("an answer's header has no end") }
        continue
      }
      let length = try bodyLength(header: String(decoding: answer[..<end], as: UTF8.self))
      if answer.count >= end + length { return }
    }
  }

  static func end(ofHeaderIn answer: [UInt8]) -> Int? {
    guard answer.count >= 4 else { return nil }
    for end in 4...answer.count where answer[end - 4..<end].elementsEqual([13, 10, 13, 10]) { return end }
    return nil
  }

  private static func bodyLength(header: String) throws(BenchError) -> Int {
    let lines = header.split(whereSeparator: \.isNewline)
    let status = lines.first.map(String.init) ?? ""
    guard status.hasPrefix("HTTP/1.1 200") else { throw .failed("expected 200, got '\(status)'") }
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1)
      guard parts.count == 2, parts[0].lowercased() == "content-length" else { continue }
      let digits = parts[1].filter { $0 != " " }
      if let length = Int(digits), length >= 0 { return length }
    }
    throw .failed("a 200 without a Content-Length")
  }

  /// Sends `count` requests one after the other.
  static func repeated(_ count: Int, on socket: borrowing Socket) throws(BenchError) {
    for _ in 0..<count {
      try send(on: socket)
      try readAnswer(on: socket)
    }
  }
}
