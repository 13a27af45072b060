package import ApusIO

extension Upstream {
  /// Sends one request with its whole content and collects the answer, up to `limit` bytes.
  ///
  /// A request that met a dead idle connection, and that the server read nothing of, is sent once more on a fresh one.
  package func ask(
    _ head: RequestHead, _ content: [UInt8] = [], before deadline: Instant, limit: Int = 16 << 20
  ) async throws -> (ResponseHead, [UInt8]) {
    var fresh = false
    while true {
      let connection = try await connection(before: deadline, fresh: fresh)
      do throws(HTTPError) {
        let body = try await connection.ask(head, content, deadline, limit)
        let answer = connection.head
        giveBack(connection)
        return (answer, body)
      } catch {
        let again = connection.isReused && connection.serverTookNothing && !fresh
        connection.close()
        guard again else { throw error }
        fresh = true
      }
    }
  }
}

extension ClientConnection {
  fileprivate func ask(
    _ head: RequestHead, _ content: [UInt8], _ deadline: Instant, _ limit: Int
  ) async throws(HTTPError) -> [UInt8] {
    begin(head.method)
    wire.output.appendHead(head, framing: content.isEmpty ? .none : .length(UInt64(content.count)))
    try await send(content)
    endRequest()
    repeat {
      try await receiveHead(before: deadline)
    } while self.head.status < 200 && self.head.status != 101
    var body: [UInt8] = []
    while true {
      if let bytes = try bufferedBody() {
        guard body.count + bytes.count <= limit else { throw .wire(WireError(.bodyTooLarge)) }
        body.append(contentsOf: bytes)
      } else if bodyIsFinished {
        return body
      } else {
        try await receiveMore(before: deadline)
      }
    }
  }
}
