import ApusHTTP
import ApusIO

/// Passes a request's body to a program while its answer is already read. It belongs to its loop.
final class BodyFeed {
  /// The caller's side failed: it left, stalled, or sent something wrong.
  private(set) var callerFailure: HTTPError?

  private let exchange: Exchange
  private let child: CallChild
  private let sink: Stream
  private var isRunning = false
  private var isStopped = false
  private var ended: UnsafeContinuation<Void, Never>?

  /// Nil if there is nothing to pass on.
  init?(_ exchange: Exchange, to child: CallChild) {
    guard let sink = child.input else { return nil }
    self.exchange = exchange
    self.child = child
    self.sink = sink
  }

  func start() {
    isRunning = true
    let this = LoopBound(self, to: exchange.loop)
    exchange.loop.spawn { await this.value.run() }
  }

  private func run() async {
    do throws(HTTPError) {
      // A program that closes its input has read what it wanted.
      while let bytes = try await exchange.readBody(), !isStopped {
        guard await write(bytes) else { break }
      }
    } catch {
      if !isStopped {
        callerFailure = error
        child.abandon()
      }
    }
    sink.close()
    isRunning = false
    ended?.resume()
    ended = nil
  }

  /// False if the program reads no more.
  private func write(_ bytes: UnsafeRawBufferPointer) async -> Bool {
    var rest = bytes
    do throws(IOError) {
      while !rest.isEmpty {
        if let count = try sink.tryWrite(rest) {
          rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        } else {
          try await sink.writable()
        }
      }
      return true
    } catch {
      return false
    }
  }

  /// Ends it, whole or not. The exchange is free again when this returns.
  func stop() async {
    guard isRunning else { return }
    isStopped = true
    exchange.stopReading()
    sink.close()
    await withUnsafeContinuation { ended = $0 }
    exchange.closeAfterwards()
  }
}
