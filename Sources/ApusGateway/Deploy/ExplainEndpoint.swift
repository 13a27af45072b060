import ApusIO
import ApusJSON
import ApusModel

/// `GET /system/explain/NAME`: why there are as many replicas as there are, by the pool's last decisions.
struct ExplainEndpoint: Endpoint {
  let functions: FunctionTable

  func answer(_ call: APICall) async throws(APIError) -> APIAnswer {
    let name = try call.functionName(call.rest)
    guard let function = functions[name] else {
      throw APIError(status: 404, "not-found", "there is no function \(name)")
    }
    let now = Instant.now()
    let decisions = function.read { $0.decisions }
    return try .json(
      .object([("name", .string(name.description)), ("decisions", .array(decisions.map { $0.json(at: now) }))]))
  }
}
