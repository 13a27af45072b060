internal import ApusHTTP

/// Writes a response's content piece by piece.
public struct ResponseWriter {
  enum Sink {
    case call(Exchange, serial: Int)
    case memory(CollectedBody)
  }
  let sink: Sink

  /// Sends `bytes`; returns when there is room for more, so a slow reader slows the writer down.
  public func write(_ bytes: [UInt8]) async throws {
    switch sink {
    case .call(let exchange, let serial):
      // A connection's next call has the same exchange: what is late must not end up in that one's answer.
      guard exchange.serial == serial, !exchange.isFinished else {
        throw Problem(
          .internalServerError, "A response was written after its end", detail: "Write it before the closure returns.")
      }
      try await exchange.write(bytes)
    case .memory(let body): body.bytes += bytes
    }
  }

  /// Sends `text` in UTF-8.
  public func write(_ text: String) async throws {
    try await write(Array(text.utf8))
  }
}

/// What a streamed response wrote, where there is no connection.
final class CollectedBody {
  var bytes: [UInt8] = []
}
