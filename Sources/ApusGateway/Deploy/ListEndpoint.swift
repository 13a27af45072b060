import ApusJSON

/// `GET /system/functions`: the functions of a namespace.
struct ListEndpoint: Endpoint {
  let catalog: Catalog

  func answer(_ call: APICall) async throws(APIError) -> APIAnswer {
    let functions = try await catalog.list(namespace: try call.namespace())
    return try .json(
      .array(functions.map { FunctionStatus(function: $0, createdAt: catalog.creation(of: $0.name)).json }))
  }
}
