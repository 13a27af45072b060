internal import ApusIO

/// Serves `handler` until a signal asks the program to end.
///
/// Run by hand it listens on 127.0.0.1:8080; under a gateway, where that says. Returns when the last call has ended, so
/// what was opened before it can be closed after it.
public func serve(_ handler: Handler, hooks: Hooks = Hooks()) async throws {
  let runtime = FunctionRuntime(handler, hooks)
  let group = try LoopGroup(count: 1)
  defer { group.shutDown() }
  let loop = group.loops[0]
  do {
    try await withTaskExecutorPreference(loop) { try await runtime.run(on: loop) }
  } catch {
    runtime.exit(after: error)
  }
}

/// Serves a closure from text to text.
public func serve(_ run: @escaping @Sendable (String) async throws -> String) async throws {
  try await serve(Handler(run))
}

/// Serves a closure from text to text.
public func serve(_ run: @escaping @Sendable (String, Context) async throws -> String) async throws {
  try await serve(Handler(run))
}

/// Serves a closure from value to value, in JSON or another codec's form.
public func serve<Input: Decodable & SendableMetatype, Output: Encodable & SendableMetatype>(
  _ codec: some Codec = JSON(), _ run: @escaping @Sendable (Input) async throws -> Output
) async throws {
  try await serve(Handler(codec, run))
}

/// Serves a closure from value to value, in JSON or another codec's form.
public func serve<Input: Decodable & SendableMetatype, Output: Encodable & SendableMetatype>(
  _ codec: some Codec = JSON(), _ run: @escaping @Sendable (Input, Context) async throws -> Output
) async throws {
  try await serve(Handler(codec, run))
}

/// Serves a closure that sees the request as it is.
public func serve(_ run: @escaping @Sendable (Request) async throws -> Response) async throws {
  try await serve(Handler(run))
}

/// Serves a closure that sees the request as it is.
public func serve(_ run: @escaping @Sendable (Request, Context) async throws -> Response) async throws {
  try await serve(Handler(run))
}

/// Serves routes.
public func serve(_ routes: Routes, hooks: Hooks = Hooks()) async throws {
  try await serve(routes.handler, hooks: hooks)
}

/// Runs `work`, which computes for long or blocks, on the program's other threads, so that other calls go on meanwhile.
public func offload<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
  try await ApusIO.offload(work)
}
