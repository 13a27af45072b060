public import Apus
internal import ApusHTTP
internal import ApusIO
internal import ApusTelemetry

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
  /// has ended when this returns.
  public func call(_ request: Request) async throws -> Answer {
    try await onLoop { loop in
      let settings = settings
      let background = BackgroundWork(loop)
      let context = Context(
        callID: "test", functionName: settings.name, namespace: settings.namespace, clientAddress: nil, trace: nil,
        log: .nowhere, end: loop.now + .seconds(60), secrets: Secrets(given: secrets), background: background)
      var response: Response
      let content: [UInt8]
      do {
        response = try await handler.run(request, context)
        content = try await response.collect()
      } catch {
        response = Problem(error, in: context).response(asJSON: true)
        content = try await response.collect()
      }
      await background.waitUntilDone()
      return Answer(status: response.status, headers: response.headers, body: content)
    }
  }

  /// Serves the function on a port of 127.0.0.1 while `body` runs, and ends it in order afterwards.
  ///
  /// All is as in production: limits, problems, header fields, streaming.
  public func serve<Value: Sendable>(
    _ body: @escaping @Sendable (ServedFunction) async throws -> Value
  ) async throws -> Value {
    try await onLoop { loop in
      let listener = try Listener(Listener.bind(.loopback(port: 0)), on: loop)
      let background = BackgroundWork(loop)
      let runner = CallRunner(
        settings, handler, log: .nowhere, secrets: Secrets(given: secrets), metrics: nil, background: background)
      runner.isReady = true
      let bound = LoopBound(runner, to: loop)
      let server = Server { exchange in await bound.value.answer(exchange) }
      let address = listener.address
      let done = loop.spawn { try? await server.serve(listener) }
      let outcome: Result<Value, any Error>
      do {
        outcome = .success(try await body(ServedFunction(address: address, loop: loop)))
      } catch {
        outcome = .failure(error)
      }
      server.shutDown(grace: .seconds(10))
      await done.value
      await background.waitUntilDone()
      return try outcome.get()
    }
  }

  private var settings: FunctionSettings {
    FunctionSettings(ProcessEnvironment(environment), program: "tested", isTerminal: false)
  }

  /// Runs `body` on a loop of its own thread.
  private func onLoop<Value: Sendable>(_ body: (Loop) async throws -> Value) async throws -> Value {
    let group = try LoopGroup(count: 1)
    defer { group.shutDown() }
    let loop = group.loops[0]
    return try await withTaskExecutorPreference(loop) { try await body(loop) }
  }
}
