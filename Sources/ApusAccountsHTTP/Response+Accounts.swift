package import Apus
package import ApusAccounts
package import ApusJSON

extension Response {
  /// An answer that no cache keeps (RFC 9111 section 5.2.2.5), since nearly all of them hold something secret.
  package static func account(_ document: ApusJSON.JSON, _ status: Status = .ok) throws -> Response {
    Response(
      status, headers: ["Content-Type": "application/json", "Cache-Control": "no-store"],
      body: try document.serialise())
  }

  package static func problem(_ problem: AccountRefusal.Problem) throws -> Response {
    var members: [(key: String, value: ApusJSON.JSON)] = [
      ("type", .string("urn:apus:accounts/\(problem.code)")), ("title", .string(problem.title)),
      ("status", .integer(Int64(problem.status))), ("detail", .string(problem.detail)),
    ]
    members += problem.members.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) }
    var response = try Response.account(.object(members), Status(problem.status))
    response.headers["Content-Type"] = "application/problem+json"
    if let seconds = problem.retryAfter { response.headers["Retry-After"] = "\(seconds)" }
    // RFC 9110 section 15.5.2 wants one.
    if problem.status == 401 { response.headers["WWW-Authenticate"] = #"Bearer realm="Apus accounts""# }
    return response
  }
}
