import ApusArtefacts
import ApusHTTP
import ApusIO
import ApusJSON
import Glibc

/// One gateway, asked over its REST API as curl would ask it: a connection for each request.
final class GatewayClient {
  let place: GatewayPlace
  let loop: Loop
  private let upstream: Upstream

  /// How long an answer of the gateway's own may take. Its slowest is that to an upload.
  private static let answerTime: Duration = .seconds(60)
  /// An answer that is kept whole: a list of all functions that there may be.
  private static let answerBytes = 256 << 20
  /// How long a call or a log that is followed may be silent: their limits are the gateway's business.
  private static let silence: Duration = .seconds(24 * 3600)

  init(_ place: GatewayPlace, on loop: Loop) {
    self.place = place
    self.loop = loop
    var limits = Limits()
    // A backup is as long as what it is of; what is collected has a bound of its own.
    limits.bodyBytes = nil
    upstream = Upstream(place.address, on: loop, limits: limits, wrap: place.wrap)
  }

  /// Sends one request as the administrator and takes any answer but a refusal of who asks.
  func ask(_ method: Method, _ target: String, _ body: JSON? = nil) async throws -> GatewayAnswer {
    let content = try body?.serialise() ?? []
    let connection = try await begin(head(method, target, asAdministrator: true), count: content.count)
    defer { connection.close() }
    await finish(connection, content)
    return try await collect(connection)
  }

  /// The same, where only success will do.
  @discardableResult
  func expect(_ method: Method, _ target: String, _ body: JSON? = nil) async throws -> GatewayAnswer {
    let answer = try await ask(method, target, body)
    guard answer.isSuccess else { throw GatewayClient.refused(answer) }
    return answer
  }

  /// Sends an archive while it is packed.
  @discardableResult
  func upload(_ archive: consuming ArtefactArchive, to target: String) async throws -> GatewayAnswer {
    var head = head(.put, target, asAdministrator: true)
    try head.fields.append(.contentType, "application/x-tar")
    let connection = try await begin(head, count: archive.byteCount)
    defer { connection.close() }
    var block = [UInt8](repeating: 0, count: 256 << 10)
    while true {
      let count = try block.withUnsafeMutableBytes { bytes in try archive.read(into: bytes) }
      // A gateway that refuses has answered and closed: its answer says more than the broken pipe.
      guard count > 0, (try? await connection.send(Array(block[..<count]))) != nil else { break }
    }
    await finish(connection, [])
    let answer = try await collect(connection)
    guard answer.isSuccess else { throw GatewayClient.refused(answer) }
    return answer
  }

  /// Sends the bytes of a file.
  func upload(file path: String, to target: String) async throws -> GatewayAnswer {
    // Without a wait where it is a pipe.
    let raw = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard raw >= 0 else { throw CommandError("can't read \(path): \(String(cString: strerror(errno)))") }
    let file = Descriptor(owning: raw)
    var status = stat()
    guard fstat(raw, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw CommandError("\(path) is neither a file nor a folder: name one of both")
    }
    let count = Int(status.st_size)
    var head = head(.put, target, asAdministrator: true)
    try head.fields.append(.contentType, "application/octet-stream")
    let connection = try await begin(head, count: count)
    defer { connection.close() }
    var (block, rest) = ([UInt8](repeating: 0, count: 256 << 10), count)
    while rest > 0 {
      let got = block.withUnsafeMutableBytes { Glibc.read(file.raw, $0.baseAddress, min($0.count, rest)) }
      if got < 0, errno == EINTR { continue }
      // What is missing of the length that was announced, the gateway notices.
      guard got > 0, (try? await connection.send(Array(block[..<got]))) != nil else { break }
      rest -= got
    }
    await finish(connection, [])
    let answer = try await collect(connection)
    guard answer.isSuccess else { throw GatewayClient.refused(answer) }
    return answer
  }

  /// A call of a function.
  struct Call: Sendable {
    var method = Method.post
    var target: String
    var fields: [(name: String, value: String)] = []
    var content: [UInt8]

    init(_ target: String, _ content: [UInt8]) {
      self.target = target
      self.content = content
    }

    /// It says by itself who calls.
    var isAuthorized: Bool { fields.contains { $0.name.lowercased() == "authorization" } }
  }

  /// Calls a function as anybody does, and hands over the answer as it comes; returns its head.
  func call(
    _ call: Call, _ take: (ResponseHead, UnsafeRawBufferPointer) throws -> Void
  ) async throws -> ResponseHead {
    var head = head(call.method, call.target, asAdministrator: false)
    for field in call.fields {
      // There is one (RFC 9112 section 3.2), and the caller's counts; all others may come again.
      if field.name.lowercased() == "host" {
        try head.fields.set(.host, field.value)
      } else {
        try head.fields.append(field.name, field.value)
      }
    }
    let connection = try await begin(head, count: call.content.count)
    // Beside the answer: a function may give back what it is still reading, and read no more until that is taken.
    let this = LoopBound((client: self, connection: connection), to: loop)
    let sent = loop.spawn { [content = call.content] in await this.value.client.finish(this.value.connection, content) }
    do {
      try await receiveHead(connection, within: Self.silence)
      let answer = connection.head
      try await read(connection) { try take(answer, $0) }
      connection.close()
      await sent.value
      return answer
    } catch {
      connection.close()
      await sent.value
      throw error
    }
  }

  /// Reads an answer of the gateway's own as it comes.
  @discardableResult
  func follow(
    _ target: String, head begin: (ResponseHead) throws -> Void = { _ in },
    _ take: (UnsafeRawBufferPointer) throws -> Void
  ) async throws -> ResponseHead {
    let connection = try await self.begin(head(.get, target, asAdministrator: true), count: 0)
    defer { connection.close() }
    await finish(connection, [])
    var complaint: [UInt8] = []
    try await receiveHead(connection, within: Self.answerTime)
    let isGood = connection.head.status < 300
    if isGood { try begin(connection.head) }
    try await read(connection) { bytes in
      if isGood { try take(bytes) } else { complaint += bytes }
    }
    let answer = try checked(GatewayAnswer(status: connection.head.status, body: complaint))
    guard answer.isSuccess else { throw GatewayClient.refused(answer) }
    return connection.head
  }

  // MARK: - One exchange

  private func head(_ method: Method, _ target: String, asAdministrator: Bool) -> RequestHead {
    var head = RequestHead(method: method, target: target, fields: Fields())
    // None of them can forge a line: what is no field value is refused.
    try? head.fields.append(.host, place.authority)
    if asAdministrator, let authorization = place.authorization {
      try? head.fields.append(.authorization, authorization)
    }
    return head
  }

  private func begin(_ head: RequestHead, count: Int) async throws -> ClientConnection {
    do {
      let connection = try await upstream.connection(before: .now() + .seconds(10), fresh: true)
      connection.begin(head.method)
      var buffer = Buffer()
      buffer.appendHead(head, framing: count == 0 ? .none : .length(UInt64(count)))
      try await connection.send(Array(buffer.readable))
      return connection
    } catch {
      throw unreachable(error)
    }
  }

  private func finish(_ connection: ClientConnection, _ content: [UInt8]) async {
    // What goes wrong here shows again when the answer is read, unless there is one.
    try? await connection.send(content)
    try? await connection.flush()
    connection.endRequest()
  }

  private func receiveHead(_ connection: ClientConnection, within limit: Duration) async throws {
    do throws(HTTPError) {
      repeat {
        try await connection.receiveHead(before: .now() + limit)
      } while connection.head.status < 200
    } catch {
      throw unreachable(error)
    }
  }

  private func read(
    _ connection: ClientConnection, _ take: (UnsafeRawBufferPointer) throws -> Void
  ) async throws {
    while true {
      let bytes: UnsafeRawBufferPointer?
      do throws(HTTPError) {
        bytes = try await connection.readBody(idle: Self.silence)
      } catch {
        throw CommandError("the answer of \(place.url) broke off: \(error)")
      }
      guard let bytes else { return }
      try take(bytes)
    }
  }

  private func collect(_ connection: ClientConnection) async throws -> GatewayAnswer {
    var body: [UInt8] = []
    try await receiveHead(connection, within: Self.answerTime)
    try await read(connection) { bytes in
      guard body.count + bytes.count <= Self.answerBytes else {
        throw CommandError("the answer of \(place.url) has more than \(Self.answerBytes) bytes. Is it a gateway?")
      }
      body += bytes
    }
    return try checked(GatewayAnswer(status: connection.head.status, body: body))
  }
}
