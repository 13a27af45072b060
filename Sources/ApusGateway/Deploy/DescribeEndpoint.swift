import ApusJSON

/// `GET /system/function/NAME`: one function, with its state.
struct DescribeEndpoint: Endpoint {
  let catalog: Catalog
  let functions: FunctionTable

  func answer(_ call: APICall) async throws(APIError) -> APIAnswer {
    let name = try call.functionName(call.rest)
    guard let function = functions[name] else {
      throw APIError(status: 404, "not-found", "there is no function \(name)")
    }
    let usage = call.query.flag("usage") ? await catalog.usage(of: [name])[name] : nil
    return try .json(FunctionStatus(function: function, createdAt: catalog.creation(of: name), usage: usage).json)
  }
}
