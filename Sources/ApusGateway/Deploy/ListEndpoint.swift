import ApusJSON
import ApusModel

/// `GET /system/functions`: the functions of a namespace.
struct ListEndpoint: Endpoint {
  let catalog: Catalog

  func answer(_ call: APICall) async throws(APIError) -> APIAnswer {
    let functions = try await catalog.list(namespace: try call.namespace())
    var usages: [FunctionName: ReplicaUsage] = [:]
    if call.query.flag("usage") { usages = await catalog.usage(of: Set(functions.map(\.name))) }
    return try .json(
      .array(
        functions.map { function in
          let name = function.name
          return FunctionStatus(function: function, createdAt: catalog.creation(of: name), usage: usages[name]).json
        }))
  }
}
