import Apus
import ApusJSON

extension Problem {
  /// A request that can be read but not answered, and which of its fields is why.
  static func field(_ name: String, _ title: String, _ detail: String) -> Problem {
    Problem(.unprocessable, title, detail: detail, members: ["field": name])
  }

  /// A content that can't be read, with the field in which that is so; a fault of the text is in none.
  static func unreadable(_ error: any Error) -> Problem {
    let field = (error as? JSONError)?.path.flatMap { $0.isEmpty ? nil : $0 }
    return Problem(
      .badRequest, "The content can't be read", detail: "\(error)", members: field.map { ["field": $0] } ?? [:])
  }

  var document: Document {
    var document = Document.object([
      ("type", .text(type)), ("title", .text(title)), ("status", .integer(status.code)),
    ])
    if let detail { document.add("detail", .text(detail)) }
    for (key, value) in members.sorted(by: { $0.key < $1.key }) { document.add(key, .text(value)) }
    return document
  }

  /// The answer: JSON, like all that the function says, whatever the caller accepts.
  func response() throws -> Response {
    var response = Response(status, headers: headers, body: try Apus.JSON().encode(document))
    response.headers["Content-Type"] = "application/problem+json"
    return response
  }
}
