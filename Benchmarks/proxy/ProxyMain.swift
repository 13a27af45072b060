import ApusHTTP
import ApusIO
@preconcurrency import Glibc

/// The reverse proxy of ApusHTTP alone, for measuring: `bench-proxy --listen ADDRESS [--upstream ADDRESS]`.
///
/// Without an upstream it answers "Hello, World!" itself, which is the server alone.
@main
struct ProxyMain {
  static func main() throws {
    Signals.ignoreBrokenPipes()
    let arguments = CommandLine.arguments
    func value(_ name: String) -> SocketAddress? {
      arguments.firstIndex(of: name).flatMap { $0 + 1 < arguments.count ? SocketAddress(arguments[$0 + 1]) : nil }
    }
    guard let listen = value("--listen") else {
      fputs("usage: bench-proxy --listen 127.0.0.1:PORT [--upstream 127.0.0.1:PORT]\n", stderr)
      exit(2)
    }
    let upstream = value("--upstream")
    let loop = try Loop()
    try loop.runUntilDone { try await serve(listen, upstream, loop) }
  }

  static func serve(_ address: SocketAddress, _ upstreamAddress: SocketAddress?, _ loop: Loop) async throws {
    let listener = try Listener(Listener.bind(address), on: loop)
    let signals = try Signals([SIGTERM, SIGINT], on: loop)
    let server: Server
    if let upstreamAddress {
      let upstream = LoopBound(Upstream(upstreamAddress, on: loop), to: loop)
      server = Server { exchange in await forward(exchange, upstream.value) }
    } else {
      server = Server { exchange in
        try? await exchange.respond(ResponseHead(), Array("Hello, World!".utf8))
      }
    }
    loop.spawn {
      _ = await signals.next()
      server.shutDown(grace: .seconds(1))
    }
    try await server.serve(listener)
    signals.close()
  }

  static func forward(_ exchange: Exchange, _ upstream: Upstream) async {
    do throws(Proxy.Failure) {
      try await Proxy().forward(exchange, to: upstream, Proxy.Rewrite(), deadline: exchange.loop.now + .seconds(60))
    } catch {
      guard !exchange.isStarted else { return }
      try? await exchange.respond(ResponseHead(status: 502), Array("\(error)\n".utf8))
    }
  }
}
