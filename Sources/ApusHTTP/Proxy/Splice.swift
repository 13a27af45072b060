import ApusIO

/// Moves the rest of a long body from an upstream to a caller inside the kernel.
enum Splice {
  /// Below this the two system calls and the pipe cost more than the copies they save (`make bench` has the figures).
  static let least: UInt64 = 256 * 1024
  /// What one pipe holds by default (pipe(7)).
  static let step = 64 * 1024

  /// False if nothing was moved because it can't be done or does not pay; then the caller copies.
  static func relay(
    _ connection: ClientConnection, to exchange: Exchange, deadline: Instant
  ) async throws(HTTPError) -> Bool {
    guard let length = connection.spliceableLength, length >= least, exchange.sendsPlainBody,
      let source = connection.transport.spliceable, let sink = exchange.wire.transport.spliceable
    else { return false }
    do {
      let pipe = try Pipe()
      try await move(length, pipe, source, sink, connection, exchange, deadline)
    } catch let error as IOError {
      throw .io(error)
    } catch let error as HTTPError {
      throw error
    } catch {
      // No pipe: out of descriptors. Copying needs none.
      return false
    }
    return true
  }

  private static func move(
    _ length: UInt64, _ pipe: borrowing Pipe, _ source: Stream, _ sink: Stream, _ connection: ClientConnection,
    _ exchange: Exchange, _ deadline: Instant
  ) async throws {
    var left = length
    var steps = 0
    source.setDeadline(deadline, for: .read)
    while left > 0 {
      steps += 1
      // Two fast sides never make us wait; others have their turn all the same.
      if steps % 16 == 0 { await Task.yield() }
      if source.loop.now >= deadline { throw IOError.expired }
      guard let count = try source.trySplice(into: pipe.writing.raw, Int(min(left, UInt64(step)))) else {
        try await source.readable()
        continue
      }
      if count == 0 { throw HTTPError.truncated }
      var inside = count
      while inside > 0 {
        if let moved = try sink.trySplice(from: pipe.reading.raw, inside) {
          inside -= moved
        } else {
          try await exchange.wire.roomToWrite()
        }
      }
      left -= UInt64(count)
      connection.skipSpliced(UInt64(count))
      try exchange.accountForSpliced(count)
    }
  }
}
