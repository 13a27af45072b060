import ApusGateway
import ApusHTTP
import ApusIO
import ApusTelemetry

/// One server a loop, all on one port.
struct GatewayServers {
  let address: SocketAddress
  private let servers: [LoopBound<LoopServer>]

  init(_ address: SocketAddress, on group: LoopGroup, _ gateway: Gateway, _ log: Log) async throws {
    // The first says which port it is, if any will do.
    var sockets = [try Listener.bind(address, sharesPort: true).release()]
    let bound = try Listener.localAddress(sockets[0])
    for _ in group.loops.dropFirst() { sockets.append(try Listener.bind(bound, sharesPort: true).release()) }
    self.address = bound
    var servers: [LoopBound<LoopServer>] = []
    for (loop, socket) in zip(group.loops, sockets) {
      let server = LoopBound(LoopServer(on: loop, limits: Limits()), to: loop)
      servers.append(server)
      loop.execute {
        loop.spawn {
          do {
            let listener = try Listener(Descriptor(owning: socket), on: loop)
            try await gateway.serve(listener, server.value)
          } catch {
            log.error("a loop can't serve", ["error": .string("\(error)")])
          }
        }
      }
    }
    self.servers = servers
  }

  func shutDown(grace: Duration) {
    for server in servers {
      server.loop.execute { server.value.shutDown(grace: grace) }
    }
  }
}
