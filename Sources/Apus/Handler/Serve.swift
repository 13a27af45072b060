internal import ApusIO

/// Serves `handler` until a signal asks the program to end.
///
/// Run by hand it listens on 127.0.0.1:8080; under a gateway, where that says. The calling thread does the work, so
/// call it last: it returns when the last call has ended, and what was opened before it can be closed after it. A
/// function that can't start ends the program with status 1 and a line that says why.
///
/// - Warning: On the main thread this keeps the main actor busy, so a handler that waits for the main actor waits until
///   its time is up. Keep what handlers share in an actor of its own, or behind a lock.
public func serve(_ handler: Handler, hooks: Hooks = Hooks()) {
  FunctionRuntime(handler, hooks).runToEnd()
}

/// Serves a closure from text to text.
public func serve(_ run: @escaping @Sendable (String) async throws -> String) {
  serve(Handler(run))
}

/// Serves a closure from text to text.
public func serve(_ run: @escaping @Sendable (String, Context) async throws -> String) {
  serve(Handler(run))
}

/// Serves a closure from value to value, in JSON or another codec's form.
public func serve<Input: Decodable & SendableMetatype, Output: Encodable & SendableMetatype>(
  _ codec: some Codec = JSON(), _ run: @escaping @Sendable (Input) async throws -> Output
) {
  serve(Handler(codec, run))
}

/// Serves a closure from value to value, in JSON or another codec's form.
public func serve<Input: Decodable & SendableMetatype, Output: Encodable & SendableMetatype>(
  _ codec: some Codec = JSON(), _ run: @escaping @Sendable (Input, Context) async throws -> Output
) {
  serve(Handler(codec, run))
}

/// Serves a closure that sees the request as it is.
public func serve(_ run: @escaping @Sendable (Request) async throws -> Response) {
  serve(Handler(run))
}

/// Serves a closure that sees the request as it is.
public func serve(_ run: @escaping @Sendable (Request, Context) async throws -> Response) {
  serve(Handler(run))
}

/// Serves routes.
public func serve(_ routes: Routes, hooks: Hooks = Hooks()) {
  serve(routes.handler, hooks: hooks)
}

/// Runs `work`, which computes for long or blocks, on the program's other threads, so that other calls go on meanwhile.
public func offload<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
  try await ApusIO.offload(work)
}
