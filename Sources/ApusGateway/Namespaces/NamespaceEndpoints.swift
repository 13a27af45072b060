import ApusIO
import ApusJSON
import ApusModel
import ApusStore

/// `GET /system/namespaces`: the names of all namespaces.
struct NamespacesEndpoint: Endpoint {
  let store: CatalogStore

  func answer(_ call: APICall) async throws(APIError) -> APIAnswer {
    let namespaces = try await stored { [store] () throws(StoreError) in try store.namespaces() }
    return try .json(.array(namespaces.map { .string($0.name) }))
  }
}

/// One namespace: `GET`, `POST`, `PUT` and `DELETE /system/namespace/NAME`.
struct NamespaceEndpoint: Endpoint {
  enum Verb {
    case get, create, update, remove
  }
  let store: CatalogStore
  let verb: Verb

  func answer(_ call: APICall) async throws(APIError) -> APIAnswer {
    if case .get = verb { return try await get(call.rest) }
    // Some clients remove without a body: the path says it all.
    let body = call.body.isEmpty && verb == .remove ? JSON.object([]) : try call.json()
    let name = try name(call, body)
    let now = WallClock.now()
    let labels = try text(body["labels"])
    let annotations = try text(body["annotations"])
    try await stored { [store, verb] () throws(StoreError) in
      func entry(_ action: String) -> AuditEntry {
        AuditEntry(at: now, actor: call.actor, action: action, subject: name)
      }
      switch verb {
      case .get: break
      case .create:
        try store.createNamespace(
          name, labels: labels, annotations: annotations, at: now, audit: entry("create namespace"))
      case .update:
        try store.updateNamespace(name, labels: labels, annotations: annotations, audit: entry("update namespace"))
      case .remove: try store.removeNamespace(name, audit: entry("remove namespace"))
      }
    }
    return .accepted
  }

  /// faas-cli creates with a path that ends in a slash and the name in the body, and names both otherwise.
  private func name(_ call: APICall, _ body: JSON) throws(APIError) -> String {
    let named = try call.text("name", of: body) ?? ""
    guard call.rest.isEmpty || named.isEmpty || call.rest == named else {
      throw APIError(status: 400, "bad-name", "the path names \(call.rest), and the body \(named): name one namespace")
    }
    let name = call.rest.isEmpty ? named : call.rest
    guard !name.isEmpty else {
      throw APIError(status: 400, "bad-name", "there is no name: send {\"name\":\"…\"}")
    }
    return name
  }

  private func text(_ map: JSON?) throws(APIError) -> String {
    guard let map, !map.isNull else { return "{}" }
    let isMap = map.objectValue?.allSatisfy { $0.value.stringValue != nil } ?? false
    guard isMap, let bytes = try? map.serialise() else {
      throw APIError(status: 400, "bad-namespace", "labels and annotations are objects of texts: {\"key\":\"value\"}")
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private func get(_ name: String) async throws(APIError) -> APIAnswer {
    guard !name.isEmpty else {
      throw APIError(status: 400, "bad-name", "there is no name: ask for /system/namespace/NAME")
    }
    guard let found = try await stored({ [store] () throws(StoreError) in try store.namespace(name) }) else {
      throw APIError(status: 404, "not-found", "there is no namespace \(name)")
    }
    var members: [(key: String, value: JSON)] = [("name", .string(found.name))]
    for (key, text) in [("annotations", found.annotations), ("labels", found.labels)] {
      if let map = try? JSON.parse(Array(text.utf8)), map.objectValue?.isEmpty == false { members.append((key, map)) }
    }
    return try .json(.object(members))
  }
}
