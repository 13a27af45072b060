import ApusAccess
import ApusIO
import ApusJSON
import ApusModel
import ApusStore

/// `GET /system/secrets`: names, never values.
struct SecretsEndpoint: Endpoint {
  let store: SecretStore
  let namespaces: CatalogStore

  func answer(_ call: APICall) async throws(APIError) -> APIAnswer {
    let namespace = try call.namespace()
    let entries = try await stored { [store] () throws(StoreError) in try store.list(namespace: namespace) }
    if entries.isEmpty { try await require(namespace, in: namespaces) }
    return try .json(
      .array(
        entries.map { .object([("name", .string($0.name.text)), ("namespace", .string($0.namespace))]) }))
  }
}

/// One secret: `POST`, `PUT` and `DELETE /system/secrets`.
struct SecretEndpoint: Endpoint {
  enum Verb {
    case create, replace, remove
  }
  let store: SecretStore
  let verb: Verb
  /// The functions that are given the secret when they start.
  let users: @Sendable (SecretName, _ namespace: String) -> [FunctionName]
  /// Told when a secret has a new value, so that the functions that use it are started anew.
  let changed: @Sendable (SecretName, _ namespace: String) -> Void

  func answer(_ call: APICall) async throws(APIError) -> APIAnswer {
    let body = try call.json()
    let namespace = try call.namespace(body)
    let text = try call.text("name", of: body) ?? ""
    let name: SecretName
    do throws(NameError) {
      name = try SecretName(text)
    } catch {
      throw APIError(status: 422, "bad-name", "\(error)")
    }
    if case .remove = verb {
      try await refuseIfUsed(name, namespace)
      let entry = AuditEntry(at: .now(), actor: call.actor, action: "remove secret", subject: name.text)
      try await stored { [store] () throws(StoreError) in
        try store.remove(name, namespace: namespace, audit: entry)
      }
      return .accepted
    }
    if case .replace = verb, let change = try call.text("keys", of: body) {
      return try await changeKeys(name, namespace, change, call)
    }
    let value = try value(call, body)
    let creates = if case .create = verb { true } else { false }
    let action = creates ? "create secret" : "replace secret"
    let entry = AuditEntry(at: .now(), actor: call.actor, action: action, subject: name.text)
    try await stored { [store] () throws(StoreError) in
      var value = value
      let secret = try Secret(name, namespace: namespace, value: SecureBytes.taking(&value))
      if creates {
        _ = try store.create(secret, at: entry.at, audit: entry)
      } else {
        _ = try store.replace(secret, at: entry.at, audit: entry)
      }
    }
    if !creates { try await stored { [changed] () throws(StoreError) in changed(name, namespace) } }
    return .accepted
  }

  /// `"keys"` instead of a value: what the lines of keys become, decided here and told to nobody but for the key's id.
  private func changeKeys(
    _ name: SecretName, _ namespace: String, _ text: String, _ call: APICall
  ) async throws(APIError) -> APIAnswer {
    guard let change = SecretKeyLines(rawValue: text) else {
      throw APIError(status: 400, "bad-secret", "keys is neither add nor keep-first: send one of them")
    }
    let entry = AuditEntry(at: .now(), actor: call.actor, action: "change keys of secret", subject: name.text)
    let id = try await stored { [store] () throws(StoreError) -> String? in
      let old = try store.open(name, namespace: namespace)
      let newID = "k" + String(entry.at.seconds, radix: 36)
      guard let new = change.changed(old.value.withBytes { Array($0) }, newID: newID) else { return nil }
      var value = new.value
      let secret = try Secret(name, namespace: namespace, value: SecureBytes.taking(&value))
      _ = try store.replace(secret, at: entry.at, audit: entry)
      return new.id
    }
    guard let id else {
      throw APIError(
        status: 409, "bad-secret", "the secret \(name) does not hold lines of keys, or too many: write keyid:base64")
    }
    try await stored { [changed] () throws(StoreError) in changed(name, namespace) }
    return try .json(.object([("key", .string(id))]))
  }

  /// What uses a secret could not be started again without it. `faas-cli secret apply`, which removes before it
  /// creates, goes on after this refusal, and updates what is still there.
  private func refuseIfUsed(_ name: SecretName, _ namespace: String) async throws(APIError) {
    let users = users(name, namespace)
    guard !users.isEmpty else { return }
    let entry = try await stored { [store] () throws(StoreError) in try store.get(name, namespace: namespace) }
    guard entry != nil else { return }
    throw APIError(
      StoreError(
        .inUse, "the secret \(name) is in use by \(users.map { "\($0)" }.joined(separator: ", "))",
        meaning: "they could not start without it",
        advice: "Give it another value (apus secret update \(name)), or deploy them without it first, or remove them"))
  }

  /// `rawValue`, which is base64, wins over `value`.
  private func value(_ call: APICall, _ body: JSON) throws(APIError) -> [UInt8] {
    if let raw = try call.text("rawValue", of: body), !raw.isEmpty {
      guard let bytes = Base64.decode(raw) else {
        throw APIError(status: 400, "bad-secret", "rawValue is not base64: send value, or encode it")
      }
      return bytes
    }
    guard let value = try call.text("value", of: body) else {
      throw APIError(status: 400, "bad-secret", "there is neither value nor rawValue: send one of them")
    }
    return Array(value.utf8)
  }
}
