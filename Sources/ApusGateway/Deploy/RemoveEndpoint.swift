import ApusJSON

/// `DELETE /system/functions`: refuses new calls, lets running ones end, and forgets the function.
struct RemoveEndpoint: Endpoint {
  let catalog: Catalog

  func answer(_ call: APICall) async throws(APIError) -> APIAnswer {
    let body = try call.json()
    guard let text = try call.text("functionName", of: body), !text.isEmpty else {
      throw APIError(status: 400, "bad-name", "there is no functionName: send {\"functionName\":\"…\"}")
    }
    try await catalog.remove(try call.functionName(text, body), by: call.actor)
    return .accepted
  }
}
