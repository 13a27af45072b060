import ApusHTTP

/// The adapter of one verb: decodes the call, calls what does the work, encodes the answer.
package protocol Endpoint: Sendable {
  func answer(_ call: APICall) async throws(APIError) -> APIAnswer
}

/// An endpoint that reads the body or writes the answer by itself, as it comes.
protocol StreamingEndpoint: Endpoint {
  /// `.sent` says that the answer is on its way already.
  func answer(_ call: APICall, _ exchange: Exchange) async throws(APIError) -> APIAnswer
}

extension StreamingEndpoint {
  func answer(_ call: APICall) async throws(APIError) -> APIAnswer {
    throw APIError(status: 500, "misuse", "this endpoint needs its connection")
  }
}

/// An endpoint made of a closure, for those that are one expression.
struct ClosureEndpoint: Endpoint {
  let run: @Sendable (APICall) async throws(APIError) -> APIAnswer

  func answer(_ call: APICall) async throws(APIError) -> APIAnswer { try await run(call) }
}
