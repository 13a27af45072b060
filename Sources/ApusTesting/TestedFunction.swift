public import Apus
internal import ApusContract
internal import ApusHTTP
internal import ApusIO
internal import Glibc

/// A function under test: called without a socket, or served on one.
///
/// ```swift
/// let function = TestedFunction(Handler { (name: String) in "Hello, \(name)" })
/// let answer = try await function.call(Request(.post, body: Array("Ada".utf8)))
/// ```
public struct TestedFunction: Sendable {
  private let handler: Handler
  private let secrets: [String: [UInt8]]
  private let environment: [String: String]

  /// A function with the secrets and the environment that a test gives it, and nothing of the machine's.
  public init(_ handler: Handler, secrets: [String: [UInt8]] = [:], environment: [String: String] = [:]) {
    self.handler = handler
    self.secrets = secrets
    self.environment = environment
  }

  /// Calls the handler, with no socket between: what it throws becomes an answer as in production, and background work
  /// has ended when this returns. Only the limits are missing: `serve` has them.
  public func call(_ request: Request) async throws -> Answer {
    let group = try LoopGroup(count: 1)
    defer { group.shutDown() }
    let loop = group.loops[0]
    return try await loop.perform {
      let settings = settings
      let background = BackgroundWork(loop)
      // Production reads a content once; a test may send the same request again.
      let request = request.again
      let context = Context(
        request, callID: request.headers["X-Call-Id"] ?? "test", peer: nil,
        end: .now() + settings.time(of: request).limit,
        Context.Surroundings(
          settings, log: .ofTests, secrets: Secrets(given: secrets), background: background))
      var response: Response
      let content: [UInt8]
      do {
        response = try await handler.run(request, context)
        content = try await response.collect()
      } catch {
        response = Problem(error, in: context).response(to: request)
        content = try await response.collect()
      }
      await background.waitUntilDone()
      return Answer(status: response.status, headers: response.headers, body: content)
    }
  }

  /// Serves the function on a port of 127.0.0.1 while `body` runs, and ends it in order afterwards.
  ///
  /// All is as in production: limits, problems, header fields, streaming. The function has a thread of its own, so
  /// `body` may use clients that block.
  public func serve<Value: Sendable>(
    _ body: @escaping @Sendable (ServedFunction) async throws -> Value
  ) async throws -> Value {
    let group = try LoopGroup(count: 1)
    defer { group.shutDown() }
    let loop = group.loops[0]
    let background = BackgroundWork(loop)
    let service = try await loop.perform { try start(on: loop, background) }
    let outcome: Result<Value, any Error>
    do {
      outcome = .success(try await body(ServedFunction(address: service.address, loop: loop)))
    } catch {
      outcome = .failure(error)
    }
    service.server.shutDown(grace: .seconds(10))
    await service.end.value
    await background.waitUntilDone()
    return try outcome.get()
  }

  private struct Service: Sendable {
    let address: SocketAddress
    let server: Server
    let end: Task<Void, Never>
  }

  private func start(on loop: Loop, _ background: BackgroundWork) throws -> Service {
    Signals.ignoreBrokenPipes()
    let listener = try Listener(TestedFunction.bind(), on: loop)
    let settings = settings
    let runner = CallRunner(
      settings, handler, log: .ofTests, secrets: Secrets(given: secrets), metrics: nil, background: background)
    runner.isReady = true
    let bound = LoopBound(runner, to: loop)
    let server = Server(limits: settings.limits) { exchange in await bound.value.answer(exchange) }
    let end = loop.spawn { try? await server.serve(listener) }
    return Service(address: listener.address, server: server, end: end)
  }

  /// A free port below those from which the kernel takes clients' ports, so that no client of a test sits on it.
  private static func bind() throws -> Descriptor {
    for _ in 0..<100 {
      do throws(SystemError) {
        return try Listener.bind(.loopback(port: .random(in: 10_000..<32_000)))
      } catch {
        guard error.code == EADDRINUSE else { throw error }
      }
    }
    return try Listener.bind(.loopback(port: 0))
  }

  private var settings: FunctionSettings {
    FunctionSettings(ProcessEnvironment(environment), program: "tested", isTerminal: false)
  }
}
