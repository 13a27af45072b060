import ApusIO

/// The upstream's side of a request whose body is passed on as it comes.
struct Upload: BodyTaker {
  private let exchange: Exchange
  private let connection: ClientConnection
  private let isChunked: Bool

  init(_ exchange: Exchange, _ connection: ClientConnection) {
    self.exchange = exchange
    self.connection = connection
    isChunked = exchange.head.framing == .chunked
  }

  func take(_ bytes: UnsafeRawBufferPointer) async throws(HTTPError) {
    if isChunked { connection.wire.output.appendChunkSize(bytes.count) }
    try await connection.send(bytes)
    if isChunked { connection.wire.output.appendChunkEnd() }
  }

  func finish() async throws(HTTPError) {
    if isChunked { connection.wire.output.appendLastChunk(trailers: exchange.requestTrailers) }
    try await connection.flush()
    connection.endRequest()
  }

  /// An upstream that has not read the whole request can't be asked again anyway.
  func refuseMore() {
    connection.close()
  }

  func abandon() {
    connection.close()
  }
}
