package import ApusIO

/// One server as seen from one loop: opens connections to it and keeps the idle ones.
///
/// Close it when it is done with. One that is dropped instead closes its idle connections too, on its loop, as long as
/// that runs.
package final class Upstream {
  /// Opens what is spoken over a fresh stream: TLS does its handshake here.
  package typealias Wrap = @Sendable (Stream) async throws -> any Transport

  package let address: SocketAddress
  package let loop: Loop
  private let limits: Limits
  private let wrap: Wrap?
  private var idle: [ClientConnection] = []
  private let watch = IdleWatch()
  private var sweep: Timer?

  package init(_ address: SocketAddress, on loop: Loop, limits: Limits = Limits(), wrap: Wrap? = nil) {
    self.address = address
    self.loop = loop
    self.limits = limits
    self.wrap = wrap
    watch.upstream = self
  }

  deinit {
    guard sweep != nil || !idle.isEmpty else { return }
    // Whoever dropped it last may be on any thread.
    let remains = LoopBound((idle, sweep), to: loop)
    let loop = loop
    loop.execute {
      let (idle, sweep) = remains.value
      for connection in idle { connection.close() }
      if let sweep { loop.remove(sweep) }
    }
  }

  /// A connection that is idle and still open, newest first; else a new one, opened before `deadline`.
  package func connection(before deadline: Instant, fresh: Bool = false) async throws -> ClientConnection {
    while !fresh, let last = idle.popLast() {
      // Anything that happened to an idle connection, be it an end or bytes that nobody asked for, disqualifies it.
      last.transport.onHangUp = nil
      if last.isQuiet { return last }
      last.close()
    }
    let limit = min(deadline, loop.now + limits.connectTime)
    let stream = try await Stream.connect(to: address, on: loop, deadline: limit)
    guard let wrap else { return ClientConnection(stream, limits: limits) }
    do {
      return ClientConnection(try await wrap(stream), limits: limits)
    } catch {
      stream.close()
      throw error
    }
  }

  /// Takes a connection back; closes it if it can't be used again or enough are idle.
  package func giveBack(_ connection: ClientConnection) {
    guard connection.isReusable, idle.count < limits.idleConnections else { return connection.close() }
    connection.becameIdle()
    connection.transport.setDeadline(.never, for: .read)
    connection.transport.onHangUp = watch
    idle.append(connection)
    if idle.count == 1 { startSweep() }
  }

  package var idleCount: Int { idle.count }

  /// Closes the idle connections.
  package func close() {
    let closing = idle
    idle.removeAll()
    for connection in closing { connection.close() }
    if let sweep { loop.remove(sweep) }
    sweep = nil
  }

  fileprivate func closeEnded() {
    for connection in idle where connection.transport.peerHungUp { connection.close() }
    idle.removeAll { $0.transport.isClosed }
  }

  private func startSweep() {
    let timer = sweep ?? Timer { [weak self] in self?.closeOldest() }
    sweep = timer
    loop.set(timer, to: loop.now + limits.upstreamIdle)
  }

  /// Oldest stand first, because the newest are used again first.
  private func closeOldest() {
    let limit = loop.now
    while let first = idle.first, first.idleSince + limits.upstreamIdle <= limit {
      first.close()
      idle.removeFirst()
    }
    if let first = idle.first, let sweep { loop.set(sweep, to: first.idleSince + limits.upstreamIdle) }
  }
}

/// Hears for an upstream of its idle connections' ends without keeping it: they would else keep each other.
private final class IdleWatch: HangUpObserver {
  weak var upstream: Upstream?

  func peerDidHangUp() {
    upstream?.closeEnded()
  }
}
