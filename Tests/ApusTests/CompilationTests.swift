import Apus
import Testing

/// What authors write, with plain imports: if it no longer compiles, the SDK has broken them.
@Suite struct `The public face` {
  @Test func `lets authors conform to its protocols`() async throws {
    let function: any Function = Greeter()
    try await function.start()
    await function.stop()
    let codec: any Codec = Shouting()
    #expect(codec.contentType == "text/shouting")
  }
}

private struct Greeter: Function {
  init() {}

  func handle(_ request: Request, _ context: Context) async throws -> Response {
    context.log.debug("asked", ["path": request.path])
    return .text("hello")
  }
}

private final class Keeper: Function {
  init() {}
  func start() async throws {}
  func handle(_ request: Request, _ context: Context) async throws -> Response { Response(.noContent) }
  func stop() async {}
}

/// Never called: each line is an overload that has to be found.
private func everyServe() {
  serve { (text: String) in text }
  serve { (text: String, context: Context) in text + context.callID }
  serve { (order: Order) in Receipt(text: order.item) }
  serve { (order: Order, context: Context) in Receipt(text: order.item + context.callID) }
  serve(JSON(sortsKeys: true)) { (order: Order) in [order] }
  serve(Shouting()) { (text: String, context: Context) in [context.callID, text] }
  serve { (request: Request) in Response(.ok, headers: request.headers) }
  serve { (request: Request, context: Context) in .text(request.path + context.callID) }
  serve { request in
    Response { writer in for try await piece in request.body { try await writer.write(piece) } }
  }
  serve { _, context in try Response.encode(["left": context.timeLeft.components.seconds]) }
  serve(
    Handler { (text: String) in text },
    hooks: Hooks {
    } stop: {
    })
  serve(Routes().on(.get, "/") { _, _ in .text("") }.on("PURGE", "/*") { _ in Response(204) }, hooks: Hooks())
  Greeter.main()
  Keeper.main()
}
