import ApusDeployment
import ApusJSON
import ApusModel

/// `POST /system/scale-function/NAME`: sets the present count of replicas; 0 puts the function to sleep.
struct ScaleEndpoint: Endpoint {
  let catalog: Catalog

  func answer(_ call: APICall) async throws(APIError) -> APIAnswer {
    let body = try call.json()
    let name = try call.functionName(call.rest, body)
    try check(call, body, names: name)
    // More than the function may have is cut down, as the gateway of OpenFaaS does: only the policy knows the bound.
    guard let replicas = body["replicas"]?.integerValue, replicas >= 0 else {
      throw APIError(
        status: 400, "bad-replicas", "replicas must be a whole number, 0 or more: send {\"replicas\":1}")
    }
    let (count, reason) = try await catalog.scale(name, to: Int(clamping: replicas), by: call.actor)
    var members: [(key: String, value: JSON)] = [
      ("name", .string(name.name)), ("namespace", .string(name.namespace)), ("replicas", .integer(Int64(count))),
    ]
    if let reason { members.append(("reason", .string(reason))) }
    return try .json(.object(members), status: 202)
  }

  /// OpenFaaS says serviceName, its documentation service; neither may contradict the path.
  private func check(_ call: APICall, _ body: JSON, names name: FunctionName) throws(APIError) {
    for key in ["serviceName", "service"] {
      guard let given = try call.text(key, of: body), !given.isEmpty else { continue }
      // The path may carry the namespace that the body leaves out.
      guard given != name.name, given != name.qualified else { continue }
      throw APIError(status: 400, "bad-name", "the path names \(name), and \(key) \(given): name one function")
    }
  }
}
