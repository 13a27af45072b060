import ApusIO

/// Two transports joined after an upgrade: bytes pass both ways until either side ends or nothing moves for too long.
final class Tunnel {
  private let caller: any Transport
  private let upstream: any Transport
  private let idle: Duration
  private let loop: Loop
  private var lastMove: Instant
  private var otherEnded: UnsafeContinuation<Void, Never>?
  private var otherIsRunning = true

  init(_ caller: any Transport, _ upstream: any Transport, idle: Duration) {
    self.caller = caller
    self.upstream = upstream
    self.idle = idle
    loop = caller.loop
    lastMove = caller.loop.now
  }

  /// Returns when both directions have ended; both transports are closed then.
  func run(fromCaller: [UInt8], fromUpstream: [UInt8]) async {
    caller.onHangUp = nil
    let this = LoopBound(self, to: loop)
    loop.spawn {
      let tunnel = this.value
      await tunnel.pass(fromCaller, from: tunnel.caller, to: tunnel.upstream)
      tunnel.otherIsRunning = false
      tunnel.otherEnded?.resume()
      tunnel.otherEnded = nil
    }
    await pass(fromUpstream, from: upstream, to: caller)
    if otherIsRunning { await withUnsafeContinuation { otherEnded = $0 } }
    caller.close()
    upstream.close()
  }

  private func pass(_ early: [UInt8], from source: any Transport, to sink: any Transport) async {
    var buffer = Buffer()
    buffer.append(early)
    var steps = 0
    do throws(IOError) {
      while true {
        steps += 1
        if steps % 16 == 0 { await Task.yield() }
        sink.setDeadline(loop.now + idle, for: .write)
        try await sink.write(&buffer)
        buffer.releaseIfEmpty()
        if try await receive(from: source, into: &buffer) == 0 { break }
        lastMove = loop.now
      }
      // One side's end is passed on; the other direction may go on (half-closed).
      await sink.endWriting()
    } catch {
      // A broken or idle tunnel ends as a whole.
      source.close()
      sink.close()
    }
  }

  /// Reads once. Silence in this direction alone is no reason to end: the other may be busy.
  private func receive(from source: any Transport, into buffer: inout Buffer) async throws(IOError) -> Int {
    while true {
      if let count = try source.tryRead(into: buffer.reserve(4096)) {
        buffer.commit(count)
        return count
      }
      buffer.releaseIfEmpty()
      source.setDeadline(lastMove + idle, for: .read)
      do throws(IOError) {
        try await source.readable()
      } catch {
        guard case .expired = error, lastMove + idle > loop.now else { throw error }
      }
    }
  }
}
