import ApusDeployment
import ApusJSON
import ApusModel

/// `POST /system/scale-function/NAME`: sets the present count of replicas; 0 puts the function to sleep.
struct ScaleEndpoint: Endpoint {
  let catalog: Catalog

  func answer(_ call: APICall) async throws(APIError) -> APIAnswer {
    let body = try call.json()
    let name = try call.functionName(call.rest, body)
    // OpenFaaS says serviceName, its documentation service; neither may contradict the path.
    for key in ["serviceName", "service"] {
      guard let given = body[key]?.stringValue, !given.isEmpty else { continue }
      guard try call.functionName(given, body) == name else {
        throw APIError(status: 400, "bad-name", "the path names \(name), and \(key) \(given): name one function")
      }
    }
    guard let replicas = body["replicas"]?.integerValue, (0...Int64(ScalePolicy.replicaLimit)).contains(replicas) else {
      throw APIError(
        status: 400, "bad-replicas", "replicas must be a whole number from 0 to \(ScalePolicy.replicaLimit)")
    }
    try await catalog.scale(name, to: Int(replicas), by: call.actor)
    return .accepted
  }
}
