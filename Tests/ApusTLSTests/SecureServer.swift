import ApusHTTP
import ApusIO
import ApusTLS
import Foundation
import Synchronization
import Testing

/// A server of ours on a thread of its own, and what it heard of handshakes that failed.
final class SecureServer: Sendable {
  let port: UInt16
  private let group: LoopGroup
  private let server: Server
  private let heard: Heard
  private let ended = DispatchSemaphore(value: 0)

  /// What handshakes failed with, in order.
  final class Heard: Sendable {
    private let errors = Mutex<[TLSError]>([])
    private let arrived = DispatchSemaphore(value: 0)

    func add(_ error: TLSError) {
      errors.withLock { $0.append(error) }
      arrived.signal()
    }

    /// Waits for the first one.
    func first() -> TLSError? {
      guard arrived.wait(timeout: .now() + 20) == .success else { return nil }
      arrived.signal()
      return errors.withLock { $0.first }
    }
  }

  /// Answers with the body of the request as it comes, or with a greeting if there is none.
  static let echo: Server.Handler = { exchange in
    do throws(HTTPError) {
      guard exchange.hasBody else { return try await exchange.respond(ResponseHead(), Array("hello\n".utf8)) }
      try exchange.start(ResponseHead(), length: nil)
      while let bytes = try await exchange.readBody() { try await exchange.write(bytes) }
      try await exchange.finish()
    } catch {
      // The peer left: its test is about that.
    }
  }

  /// Answers with the whole body, after it has come.
  static let collect: Server.Handler = { exchange in
    do throws(HTTPError) {
      let body = try await exchange.collectBody(limit: 64 << 20)
      try await exchange.respond(ResponseHead(), body)
    } catch {
      Issue.record(error)
    }
  }

  /// Plain HTTP without a context.
  init(
    _ context: TLSServerContext?, limits: Limits = Limits(), _ handler: @escaping Server.Handler = SecureServer.echo
  ) throws {
    let group = try LoopGroup(count: 1)
    let heard = Heard()
    let wrap = context?.wrap(limits: limits) { heard.add($0) }
    let server = Server(limits: limits, wrap: wrap, handler)
    let listening = try Listener.bind(.loopback(port: 0))
    guard let port = try Listener.localAddress(listening.raw).port else { throw Tool.Failure(description: "no port") }
    let raw = listening.release()
    let ended = ended
    let loop = group.loops[0]
    loop.spawn {
      do {
        try await server.serve(Listener(Descriptor(owning: raw), on: loop))
      } catch {
        Issue.record(error)
      }
      ended.signal()
    }
    self.port = port
    self.group = group
    self.server = server
    self.heard = heard
  }

  /// What the first failed handshake failed with.
  var failure: TLSError? { heard.first() }

  /// Ends it; false if it would not end.
  @discardableResult
  func stop(grace: Duration = .seconds(5)) -> Bool {
    server.shutDown(grace: grace)
    let hasEnded = ended.wait(timeout: .now() + 30) == .success
    group.shutDown()
    return hasEnded
  }
}
