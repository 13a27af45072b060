import ApusIO

/// Passes a request's body on while its answer is already awaited.
final class Upload {
  /// The caller's side failed: it left, stalled, or sent something wrong.
  private(set) var callerFailure: HTTPError?

  private let exchange: Exchange
  private let connection: ClientConnection
  private var isRunning = false
  private var isStopped = false
  private var ended: UnsafeContinuation<Void, Never>?

  init(_ exchange: Exchange, _ connection: ClientConnection) {
    self.exchange = exchange
    self.connection = connection
  }

  func start() {
    isRunning = true
    let this = LoopBound(self, to: exchange.loop)
    exchange.loop.spawn { await this.value.run() }
  }

  private func run() async {
    do throws(HTTPError) {
      try await pass()
      connection.endRequest()
    } catch {
      // When the upstream stops taking, its answer tells why, so only the caller's failures count here.
      if isReading, !isStopped {
        callerFailure = error
        connection.close()
      }
    }
    isRunning = false
    ended?.resume()
    ended = nil
  }

  private var isReading = false

  private func pass() async throws(HTTPError) {
    let isChunked = exchange.head.framing == .chunked
    try await connection.flush()
    while true {
      isReading = true
      let bytes = try await exchange.readBody()
      isReading = false
      guard let bytes else { break }
      if isStopped { return }
      if isChunked { connection.wire.output.appendChunkSize(bytes.count) }
      try await connection.send(bytes)
      if isChunked { connection.wire.output.appendChunkEnd() }
    }
    if isChunked { connection.wire.output.appendLastChunk(trailers: exchange.requestTrailers) }
    try await connection.flush()
  }

  /// Ends the upload, whole or not. The exchange is free again when this returns.
  func stop() async {
    guard isRunning else { return }
    isStopped = true
    // Whoever it waits for or is about to wait for, the caller's bytes or the upstream's room, it is told to end. An
    // upstream that has not read the whole request can't be asked again anyway.
    exchange.stopReading()
    connection.close()
    await withUnsafeContinuation { ended = $0 }
    exchange.closeAfterwards()
  }
}
