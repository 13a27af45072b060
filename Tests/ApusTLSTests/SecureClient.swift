import ApusHTTP
import ApusIO
import ApusTLS
import Foundation

/// A client of ours, for one task on a loop of the calling thread.
enum SecureClient {
  /// Connects to `port` with `context`, does `body`, and closes.
  static func run<Value: Sendable>(
    _ port: UInt16, _ context: TLSClientContext, host: String = "localhost", limits: Limits = Limits(),
    _ body: @escaping @Sendable (TLSStream) async throws -> Value
  ) throws -> Value {
    let loop = try Loop()
    return try loop.runUntilDone {
      let stream = try await Stream.connect(to: .loopback(port: port), on: loop, deadline: loop.now + .seconds(10))
      defer { stream.close() }
      let secure = try await context.connect(stream, host: host, limits: limits)
      defer { secure.close() }
      secure.setDeadline(loop.now + .seconds(20), for: .read)
      secure.setDeadline(loop.now + .seconds(20), for: .write)
      return try await body(secure)
    }
  }

  /// What a handshake with `port` fails with; nil if it does not.
  static func failure(
    _ port: UInt16, _ context: TLSClientContext, host: String = "localhost", limits: Limits = Limits()
  ) throws -> TLSError? {
    do {
      try run(port, context, host: host, limits: limits) { _ in }
      return nil
    } catch let error as TLSError {
      return error
    }
  }

  /// Does `body` over a stream without TLS.
  static func runPlain<Value: Sendable>(
    _ port: UInt16, _ body: @escaping @Sendable (ApusIO.Stream) async throws -> Value
  ) throws -> Value {
    let loop = try Loop()
    return try loop.runUntilDone {
      let stream = try await Stream.connect(to: .loopback(port: port), on: loop, deadline: loop.now + .seconds(10))
      defer { stream.close() }
      stream.setDeadline(loop.now + .seconds(20), for: .read)
      return try await body(stream)
    }
  }

  /// One request and its answer's body.
  static func ask(_ connection: ClientConnection, _ body: [UInt8] = []) async throws -> [UInt8] {
    connection.begin(body.isEmpty ? .get : .post)
    let method = body.isEmpty ? "GET" : "POST"
    let length = body.isEmpty ? "" : "Content-Length: \(body.count)\r\n"
    try await connection.send(Array("\(method) / HTTP/1.1\r\nHost: localhost\r\n\(length)\r\n".utf8))
    if !body.isEmpty { try await connection.send(body) }
    connection.endRequest()
    try await connection.receiveHead(before: .now() + .seconds(20))
    var answer: [UInt8] = []
    while let bytes = try await connection.readBody(idle: .seconds(20)) { answer.append(contentsOf: bytes) }
    return answer
  }
}

extension Transport {
  /// Reads until the peer ends, or until `count` bytes have come.
  func readAll(upTo count: Int = .max) async throws(IOError) -> [UInt8] {
    var all: [UInt8] = []
    var buffer = Buffer()
    while all.count < count {
      let got = try await read(into: buffer.reserve(4096))
      if got == 0 { break }
      buffer.commit(got)
      all.append(contentsOf: buffer.readable)
      buffer.consume(got)
    }
    return all
  }
}
