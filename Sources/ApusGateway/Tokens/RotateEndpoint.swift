import ApusAccess
import ApusIO
import ApusJSON
import ApusStore

/// `POST /system/auth/rotate`: gives the administrator a new password. The answer says where it is, not what it is.
struct RotateEndpoint: Endpoint {
  let account: AdminAccount
  let audit: AuditStore

  func answer(_ call: APICall) async throws(APIError) -> APIAnswer {
    let entry = AuditEntry(at: .now(), actor: call.actor, action: "rotate password", subject: "administrator")
    let name: String
    do {
      name = try await offload { [account] in try account.rotate().name }
    } catch {
      throw APIError(status: 500, "not-rotated", "the password stays as it was: \(error)")
    }
    try await stored { [audit] () throws(StoreError) in try audit.append(entry) }
    return try .json(.object([("user", .string(name)), ("passwordFile", .string(account.folder.passwordFile))]))
  }
}
