import ApusGateway
import ApusHTTP
import ApusIO
import ApusTLS
import ApusTelemetry

/// One server a loop, all on one port.
struct GatewayServers {
  /// Where this machine reaches them.
  let url: String
  private let servers: [LoopBound<LoopServer>]
  private let serving: [Task<Void, Never>]

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
    var serving: [Task<Void, Never>] = []
    for (loop, socket) in zip(group.loops, sockets) {
      let server = LoopBound(LoopServer(on: loop, limits: Limits(), wrap: wrap), to: loop)
      servers.append(server)
      serving.append(
        loop.spawn {
          do {
            let listener = try Listener(Descriptor(owning: socket), on: loop)
            try await gateway.serve(listener, server.value)
          } catch {
            log.error("a loop can't serve", ["error": .string("\(error)")])
          }
        })
    }
    self.servers = servers
    self.serving = serving
  }

  func shutDown(grace: Duration) {
    for server in servers {
      server.loop.execute { server.value.shutDown(grace: grace) }
    }
  }

  /// Cuts what is left, and returns when the last connection has ended.
  func end() async {
    shutDown(grace: .zero)
    for task in serving { await task.value }
  }
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
