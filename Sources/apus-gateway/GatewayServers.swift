import ApusGateway
import ApusHTTP
import ApusIO
import ApusTLS
import ApusTelemetry
import Synchronization

/// One server a loop, all on one port.
struct GatewayServers {
  /// Where this machine reaches them.
  let url: String
  private let servers: [LoopBound<LoopServer>]
  private let left: Countdown

  /// `tls`: nil for clear text.
  init(
    _ address: SocketAddress, _ tls: TLSServerContext?, on group: LoopGroup, _ gateway: Gateway, _ log: Log
  ) async throws {
    // Alone for a moment: another program of ours that shares this port would share its calls, too.
    _ = try Listener.bind(address)
    // The first says which port it is, if any will do.
    var sockets = [try Listener.bind(address, sharesPort: true).release()]
    let bound = try Listener.localAddress(sockets[0])
    for _ in group.loops.dropFirst() { sockets.append(try Listener.bind(bound, sharesPort: true).release()) }
    url = "\(tls == nil ? "http" : "https")://\(bound.asReached)"
    let wrap = tls?.wrap { error in log.debug("no TLS with a client", ["error": .string("\(error)")]) }
    var servers: [LoopBound<LoopServer>] = []
    let left = Countdown(group.loops.count)
    for (loop, socket) in zip(group.loops, sockets) {
      let server = LoopBound(LoopServer(on: loop, limits: Limits(), wrap: wrap), to: loop)
      servers.append(server)
      loop.spawn {
        do {
          let listener = try Listener(Descriptor(owning: socket), on: loop)
          try await gateway.serve(listener, server.value)
        } catch {
          log.error("a loop can't serve", ["error": .string("\(error)")])
        }
        left.down()
      }
    }
    self.servers = servers
    self.left = left
  }

  func shutDown(grace: Duration) {
    for server in servers {
      server.loop.execute { server.value.shutDown(grace: grace) }
    }
  }

  /// Cuts what is left; false if something can't be cut by `deadline`, such as a folder that is being packed.
  func end(by deadline: Instant, on loop: Loop) async -> Bool {
    shutDown(grace: .zero)
    while !left.isOver, Instant.now() < deadline { try? await loop.sleep(until: .now() + .milliseconds(5)) }
    return left.isOver
  }
}

/// How many loops still serve.
private final class Countdown: Sendable {
  private let count: Atomic<Int>

  init(_ count: Int) { self.count = Atomic(count) }

  var isOver: Bool { count.load(ordering: .acquiring) == 0 }

  func down() { count.subtract(1, ordering: .releasing) }
}

extension SocketAddress {
  /// Of an address that stands for all of this machine's, one of them.
  fileprivate var asReached: SocketAddress {
    switch self {
    case .ipv4(0, let port): .loopback(port: port)
    case .ipv6(0, 0, _, let port): SocketAddress(host: "::1", port: port) ?? self
    default: self
    }
  }
}
