import ApusIO

/// Where a request's body is passed on to.
package protocol BodyTaker {
  /// Throws if it takes no more: its answer, or its end, tells why.
  func take(_ bytes: UnsafeRawBufferPointer) async throws(HTTPError)
  /// It has been given all.
  func finish() async throws(HTTPError)
  /// It gets no more. Whoever waits for it to take something waits no longer.
  func refuseMore()
  /// The same, and nobody is left who wants its answer.
  func abandon()
}

/// Passes a request's body on while its answer is already awaited. It belongs to its loop.
package final class BodyFeed {
  /// The caller's side failed: it left, stalled, or sent something wrong.
  package private(set) var callerFailure: HTTPError?

  private let exchange: Exchange
  private let taker: any BodyTaker
  private var isRunning = true
  private var isStopped = false
  private var ended: UnsafeContinuation<Void, Never>?

  /// Begins at once.
  package init(_ exchange: Exchange, to taker: any BodyTaker) {
    self.exchange = exchange
    self.taker = taker
    let this = LoopBound(self, to: exchange.loop)
    exchange.loop.spawn { await this.value.run() }
  }

  private func run() async {
    // A taker that takes no more is no failure here.
    try? await pass()
    isRunning = false
    ended?.resume()
    ended = nil
  }

  private func pass() async throws(HTTPError) {
    while let bytes = await next() { try await taker.take(bytes) }
    if !isStopped, callerFailure == nil { try await taker.finish() }
  }

  /// Nil at the end, whoever brought it about.
  private func next() async -> UnsafeRawBufferPointer? {
    do throws(HTTPError) {
      let bytes = try await exchange.readBody()
      return isStopped ? nil : bytes
    } catch {
      if !isStopped {
        callerFailure = error
        taker.abandon()
      }
      return nil
    }
  }

  /// Ends it, whole or not. The exchange is free again when this returns.
  package func stop() async {
    guard isRunning else { return }
    isStopped = true
    // Whoever it waits for or is about to wait for, the caller's bytes or the taker's room, it is told to end.
    exchange.stopReading()
    taker.refuseMore()
    await withUnsafeContinuation { ended = $0 }
    exchange.closeAfterwards()
  }
}
