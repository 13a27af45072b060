import ApusIO

/// One loop's part of a server: its listener and the connections accepted there.
final class ServerShard {
  private let listener: Listener
  private let loop: Loop
  private let limits: Limits
  private let refusals: Server.RefusalSink?
  private let dates = DateLine()
  private var connections: [ObjectIdentifier: ServerConnection] = [:]
  /// Accepted streams that no connection holds yet.
  private var handshakes: [ObjectIdentifier: Stream] = [:]
  private var emptied: UnsafeContinuation<Void, Never>?
  private var isDraining = false
  private var cut: Timer?

  init(_ listener: Listener, limits: Limits, refusals: Server.RefusalSink?) {
    self.listener = listener
    self.limits = limits
    self.refusals = refusals
    loop = listener.loop
  }

  var count: Int { connections.count + handshakes.count }

  func accept(wrap: Server.Wrap?, _ handler: @escaping Server.Handler) async throws(SystemError) {
    let this = LoopBound(self, to: loop)
    var accepted = 0
    while !isDraining {
      accepted += 1
      // A flood of connections is taken in turns with those that are there already.
      if accepted % 64 == 0 { await Task.yield() }
      let stream: Stream
      do throws(SystemError) {
        guard let next = try await listener.accept() else { return }
        stream = next
      } catch {
        guard error.isShortage else { throw error }
        // Out of descriptors or memory: room comes from a connection that nobody uses, or with time.
        if !closeAnIdleConnection() { try? await loop.sleep(until: loop.now + .milliseconds(50)) }
        continue
      }
      if count >= limits.connections, !closeAnIdleConnection() {
        stream.close()
        continue
      }
      handshakes[ObjectIdentifier(stream)] = stream
      let handle = TaskHandle()
      let bound = LoopBound(handle, to: loop)
      handle.task = loop.spawn { await this.value.serve(stream, wrap, handler, bound.value) }
    }
  }

  private func serve(
    _ stream: Stream, _ wrap: Server.Wrap?, _ handler: Server.Handler, _ handle: TaskHandle
  ) async {
    var transport: any Transport = stream
    if let wrap {
      do {
        transport = try await wrap(stream)
      } catch {
        // A failed handshake is the peer's affair; TLS has told it why.
        stream.close()
        handshakes[ObjectIdentifier(stream)] = nil
        return becameEmpty()
      }
    }
    handshakes[ObjectIdentifier(stream)] = nil
    let connection = ServerConnection(transport, limits: limits, dates: dates, refusals: refusals)
    connection.task = handle.task
    connections[ObjectIdentifier(connection)] = connection
    if isDraining { connection.drain() }
    await connection.run(handler, isSecure: wrap != nil)
    connections[ObjectIdentifier(connection)] = nil
    becameEmpty()
  }

  private func closeAnIdleConnection() -> Bool {
    guard let idle = connections.values.first(where: { $0.mayBeClosed }) else { return false }
    idle.wire.transport.close()
    return true
  }

  // MARK: - Ending

  func stopAccepting() {
    isDraining = true
    listener.close()
  }

  func drain(grace: Duration) {
    stopAccepting()
    for connection in connections.values { connection.drain() }
    if count == 0 { return becameEmpty() }
    if let cut { loop.remove(cut) }
    let timer = Timer { [weak self] in self?.cutAll() }
    cut = timer
    loop.set(timer, to: .now() + grace)
  }

  private func cutAll() {
    for stream in handshakes.values { stream.close() }
    for connection in connections.values {
      connection.wire.transport.close()
      // A handler that waits for something else than its caller is told this way.
      connection.task?.cancel()
    }
  }

  func waitUntilEmpty() async {
    if count > 0 { await withUnsafeContinuation { emptied = $0 } }
    if let cut { loop.remove(cut) }
  }

  private func becameEmpty() {
    guard count == 0, let continuation = emptied else { return }
    emptied = nil
    continuation.resume()
  }
}

/// Where a task finds its own handle: it exists only after the task was made, and before it first runs on the loop.
private final class TaskHandle {
  var task: Task<Void, Never>?
}
