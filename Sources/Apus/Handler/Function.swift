/// A function as a type: mark it `@main` and it serves.
///
/// It is made once, before `start`.
public protocol Function: Sendable {
  /// Makes the function, without waiting for anything.
  init()

  /// Runs before any call is taken: open what calls need. What it throws ends the program before it was ready.
  func start() async throws

  /// Answers one call. What it throws becomes the answer: a `Problem` as it says, anything else a plain 500 and a log
  /// line.
  func handle(_ request: Request, _ context: Context) async throws -> Response

  /// Runs after the last call has ended: close what was opened.
  func stop() async
}

extension Function {
  /// Nothing to open.
  public func start() async throws {}

  /// Nothing to close.
  public func stop() async {}

  /// Serves until a signal asks to end.
  public static func main() {
    let function = Self()
    serve(
      Handler { request, context in try await function.handle(request, context) },
      hooks: Hooks {
        try await function.start()
      } stop: {
        await function.stop()
      })
  }
}
