import ApusArtefacts
import ApusHTTP
import ApusIO
import ApusJSON

/// One gateway, asked over its REST API as curl would ask it: a connection for each request.
final class GatewayClient {
  let place: GatewayPlace
  private let upstream: Upstream

  /// How long an answer of the gateway's own may take. Its slowest is that to an upload.
  private static let answerTime: Duration = .seconds(60)
  /// How long a call or a log that is followed may be silent: their limits are the gateway's business.
  private static let silence: Duration = .seconds(24 * 3600)

  init(_ place: GatewayPlace, on loop: Loop) {
    self.place = place
    upstream = Upstream(place.address, on: loop, wrap: place.wrap)
  }

  /// Sends one request as the administrator and takes any answer but a refusal of who asks.
  func ask(_ method: Method, _ target: String, _ body: JSON? = nil) async throws -> GatewayAnswer {
    let content = try body?.serialise() ?? []
    let connection = try await begin(head(method, target, asAdministrator: true), count: content.count)
    defer { connection.close() }
    try await finish(connection, content)
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
  func upload(_ archive: consuming ArtefactArchive, to target: String) async throws {
    let connection = try await begin(head(.put, target, asAdministrator: true), count: archive.byteCount)
    defer { connection.close() }
    var block = [UInt8](repeating: 0, count: 256 << 10)
    while true {
      let count = try block.withUnsafeMutableBytes { bytes in try archive.read(into: bytes) }
      // A gateway that refuses has answered and closed: its answer says more than the broken pipe.
      guard count > 0, (try? await connection.send(Array(block[..<count]))) != nil else { break }
    }
    try await finish(connection, [])
    let answer = try await collect(connection)
    guard answer.isSuccess else { throw GatewayClient.refused(answer) }
  }

  /// Calls a function as anybody does, and hands over the answer as it comes; returns its status.
  ///
  /// Without credentials: the gateway passes `Authorization` on to the function.
  func call(
    _ target: String, _ content: [UInt8], type: String?, _ take: (UnsafeRawBufferPointer) throws -> Void
  ) async throws -> Int {
    var head = head(.post, target, asAdministrator: false)
    if let type { try head.fields.append(.contentType, type) }
    let connection = try await begin(head, count: content.count)
    defer { connection.close() }
    try await finish(connection, content)
    return try await pass(connection, take)
  }

  /// Reads an answer of the gateway's own as it comes.
  func follow(_ target: String, _ take: (UnsafeRawBufferPointer) throws -> Void) async throws {
    let connection = try await begin(head(.get, target, asAdministrator: true), count: 0)
    defer { connection.close() }
    try await finish(connection, [])
    var complaint: [UInt8] = []
    try await receiveHead(connection, within: Self.answerTime)
    let isGood = connection.head.status < 300
    try await read(connection) { bytes in
      if isGood { try take(bytes) } else { complaint += bytes }
    }
    let answer = try checked(GatewayAnswer(status: connection.head.status, body: complaint))
    guard answer.isSuccess else { throw GatewayClient.refused(answer) }
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

  private func finish(_ connection: ClientConnection, _ content: [UInt8]) async throws {
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
    try await read(connection) { body += $0 }
    return try checked(GatewayAnswer(status: connection.head.status, body: body))
  }

  private func pass(
    _ connection: ClientConnection, _ take: (UnsafeRawBufferPointer) throws -> Void
  ) async throws -> Int {
    try await receiveHead(connection, within: Self.silence)
    try await read(connection, take)
    return connection.head.status
  }
}
