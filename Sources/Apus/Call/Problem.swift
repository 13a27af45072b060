internal import ApusHTTP
internal import ApusIO
internal import ApusJSON

/// A failure as the caller is told of it (RFC 9457): throw it from a handler, anywhere.
///
/// It goes out as `application/problem+json`, or as one line of text to callers that do not ask for JSON.
public struct Problem: Error, Sendable, CustomStringConvertible {
  /// The status of the answer.
  public var status: Status
  /// A URI that names the kind of problem, for programs; `about:blank` says no more than the status.
  public var type: String
  /// What happened, in one sentence that does not change from case to case.
  public var title: String
  /// What it means here and what to do.
  public var detail: String?
  /// Further fields of the answer, such as `Retry-After`.
  public var headers: Headers
  /// Further members of the JSON form.
  public var members: [String: String]

  /// A problem with a title; the rest can be set.
  public init(
    _ status: Status, _ title: String, detail: String? = nil, type: String = "about:blank", headers: Headers = [:],
    members: [String: String] = [:]
  ) {
    self.status = status
    self.title = title
    self.detail = detail
    self.type = type
    self.headers = headers
    self.members = members
  }

  init(_ error: HTTPError) {
    let status: Status =
      switch error {
      case .wire(let wire): Status(wire.status)
      case .io(.expired): 408
      case .io, .truncated: 400
      case .outOfOrder, .unaskedUpgrade: .internalServerError
      }
    self.init(status, "The request can't be read", detail: error.description)
  }

  /// What a handler threw, as its caller is told. Of an unknown error the caller learns where to ask, and nothing more.
  package init(_ error: any Error, in context: Context) {
    if let problem = error as? Problem {
      self = problem
    } else if let error = error as? HTTPError {
      self.init(error)
    } else if error is CancellationError {
      // The caller closed its side: it may still read an answer, and nothing is wrong with the function.
      self.init(.serviceUnavailable, "The call was cancelled", detail: "Its caller left before it was answered.")
    } else {
      context.log.error("the handler failed", ["error": "\(error)"])
      self.init(
        .internalServerError, "The function failed", detail: "Its log has more under call id \(context.callID).")
    }
  }

  /// Title and detail.
  public var description: String {
    detail.map { "\(title): \($0)" } ?? title
  }

  /// The answer to `request`: JSON if that asks for it.
  package func response(to request: Request) -> Response {
    let asJSON = Accept(request.headers.values("Accept")).namesJSON
    var response = Response(status, headers: headers, body: asJSON ? json : Array((description + "\n").utf8))
    response.headers["Content-Type"] = asJSON ? "application/problem+json" : "text/plain; charset=utf-8"
    return response
  }

  private var json: [UInt8] {
    var document: [(key: String, value: ApusJSON.JSON)] = [
      ("type", .string(type)), ("title", .string(title)), ("status", .integer(Int64(status.code))),
    ]
    if let detail { document.append(("detail", .string(detail))) }
    for (key, value) in members.sorted(by: { $0.key < $1.key }) where !document.contains(where: { $0.key == key }) {
      document.append((key, .string(value)))
    }
    // Strings and one integer under different keys: there is nothing that JSON could not say.
    return (try? ApusJSON.JSON.object(document).serialise()) ?? []
  }
}
