package import ApusIO
import Synchronization

/// Serves HTTP/1.1 on listeners, a handler for each call, until it is told to stop.
package final class Server: Sendable {
  /// Answers one call. It runs on the connection's loop; what it throws is its own to turn into a response.
  package typealias Handler = @Sendable (Exchange) async -> Void
  /// Turns an accepted stream into what is spoken over it: TLS does its handshake here.
  package typealias Wrap = @Sendable (Stream) async throws -> any Transport

  /// Hears of each request that was answered without the handler, since it was no request, or came too slowly.
  package typealias RefusalSink = @Sendable (_ status: Int, _ reason: HTTPError) -> Void

  private let limits: Limits
  private let handler: Handler
  private let refusals: RefusalSink?
  private let wrap: Wrap?
  private let shards: Mutex<[LoopBound<ServerShard>]>
  private let isStopping = Atomic<Bool>(false)

  package init(
    limits: Limits = Limits(), wrap: Wrap? = nil, refusals: RefusalSink? = nil, _ handler: @escaping Handler
  ) {
    self.limits = limits
    self.refusals = refusals
    self.handler = handler
    self.wrap = wrap
    shards = Mutex([])
  }

  /// Accepts on `listener` and serves, until `shutDown`; returns when the last connection has ended. On its loop.
  ///
  /// From here on the process ignores SIGPIPE: splice(2) has no flag against it, and a client that leaves must not end
  /// the program.
  package func serve(_ listener: Listener) async throws(SystemError) {
    Signals.ignoreBrokenPipes()
    let shard = ServerShard(listener, limits: limits, refusals: refusals)
    shards.withLock { $0.append(LoopBound(shard, to: listener.loop)) }
    if isStopping.load(ordering: .acquiring) { shard.stopAccepting() }
    try await shard.accept(wrap: wrap, handler)
    await shard.waitUntilEmpty()
  }

  /// Stops accepting, closes idle connections and lets calls finish; those that run after `grace` are cut.
  /// From any thread; `serve` returns when it is done.
  package func shutDown(grace: Duration) {
    isStopping.store(true, ordering: .releasing)
    for shard in shards.withLock({ $0 }) {
      shard.loop.execute { shard.value.drain(grace: grace) }
    }
  }

  /// How many connections are open, for the loop that asks.
  package func connectionCount(on loop: Loop) -> Int {
    shards.withLock { $0 }.filter { $0.loop === loop }.reduce(0) { $0 + $1.value.count }
  }
}
