internal import ApusHTTP

/// A call's content on its way in: read by one task at a time, and only while the call lasts. It belongs to one loop.
final class IncomingContent {
  private let exchange: Exchange
  private var isBeingRead = false
  private var isOver = false
  /// Who waits for the read under way to end.
  private var waiting: UnsafeContinuation<Void, Never>?

  init(_ exchange: Exchange) {
    self.exchange = exchange
  }

  func next() async throws -> [UInt8]? {
    try begin()
    defer { endRead() }
    do throws(HTTPError) {
      return try await exchange.readBody().map { [UInt8]($0) }
    } catch {
      throw Problem(error)
    }
  }

  func collect(limit: Int) async throws -> [UInt8] {
    try begin()
    defer { endRead() }
    do throws(HTTPError) {
      return try await exchange.collectBody(limit: max(0, limit))
    } catch .wire(let error) where error.status == 413 {
      throw RequestBody.tooLarge(limit)
    } catch {
      throw Problem(error)
    }
  }

  /// The exchange belongs to the connection's next call from here on.
  func end() async {
    isOver = true
    guard isBeingRead else { return }
    // The answer leaves first: it may be what makes the caller send the rest.
    try? await exchange.flush()
    if isBeingRead { await withUnsafeContinuation { waiting = $0 } }
  }

  private func begin() throws {
    if isOver {
      throw Problem(
        .internalServerError, "A request's content was read after its answer",
        detail: "Read it before the handler returns, or in what it streams.")
    }
    if isBeingRead {
      throw Problem(
        .internalServerError, "A request's content was read by two tasks at once", detail: "Let one read it for both.")
    }
    isBeingRead = true
  }

  private func endRead() {
    isBeingRead = false
    waiting.take()?.resume()
  }
}
