/// The author's code as the runtime calls it, made from a closure of any of the usual shapes.
public struct Handler: Sendable {
  /// Answers one call.
  public let run: @Sendable (Request, Context) async throws -> Response

  /// A handler that sees the request as it is.
  public init(_ run: @escaping @Sendable (Request, Context) async throws -> Response) {
    self.run = run
  }

  /// As above, for those that need no context.
  public init(_ run: @escaping @Sendable (Request) async throws -> Response) {
    self.init { request, _ in try await run(request) }
  }

  /// A handler from text to text.
  public init(_ run: @escaping @Sendable (String, Context) async throws -> String) {
    self.init { request, context in .text(try await run(try await request.body.text(), context)) }
  }

  /// As above, for those that need no context.
  public init(_ run: @escaping @Sendable (String) async throws -> String) {
    self.init { text, _ in try await run(text) }
  }

  /// A handler from value to value, in the codec's form both ways.
  public init<Input: Decodable & SendableMetatype, Output: Encodable & SendableMetatype>(
    _ codec: some Codec = JSON(), _ run: @escaping @Sendable (Input, Context) async throws -> Output
  ) {
    self.init { request, context in
      let input = try await request.decode(Input.self, codec)
      return try .encode(try await run(input, context), codec)
    }
  }

  /// As above, for those that need no context.
  public init<Input: Decodable & SendableMetatype, Output: Encodable & SendableMetatype>(
    _ codec: some Codec = JSON(), _ run: @escaping @Sendable (Input) async throws -> Output
  ) {
    self.init(codec) { (input: Input, _: Context) in try await run(input) }
  }
}
