import Apus

extension Problem {
  /// A request that can be read but not answered, and which of its fields is why.
  static func field(_ name: String, _ title: String, _ detail: String) -> Problem {
    Problem(.unprocessable, title, detail: detail, members: ["field": name])
  }

  /// A content that can't be read, with the field in which that is so; a fault of the text is in none.
  static func unreadable(_ error: any Error) -> Problem {
    let text = "\(error)"
    return Problem(
      .badRequest, "The content can't be read", detail: text, members: place(text).map { ["field": $0] } ?? [:])
  }

  /// What the codec says of the place: a line, a column, and within a value ", at `horizons[1]`".
  private static func place(_ text: String) -> String? {
    let marker = Array(", at `".utf8)
    let bytes = Array(text.utf8)
    let starts = bytes.indices.dropLast(marker.count)
    guard let start = starts.first(where: { bytes[$0..<($0 + marker.count)].elementsEqual(marker) }) else { return nil }
    return String(decoding: bytes[(start + marker.count)...].prefix { $0 != UInt8(ascii: "`") }, as: UTF8.self)
  }

  var document: Document {
    var document = Document.object([
      ("type", .text(type)), ("title", .text(title)), ("status", .integer(status.code)),
    ])
    if let detail { document.add("detail", .text(detail)) }
    for (key, value) in members.sorted(by: { $0.key < $1.key }) { document.add(key, .text(value)) }
    return document
  }

  /// The answer, perhaps with one more member: JSON, like all that the function says, whatever the caller accepts.
  func response(_ member: (name: String, value: Document)? = nil) throws -> Response {
    var document = document
    if let member { document.add(member.name, member.value) }
    var response = Response(status, headers: headers, body: try JSON().encode(document))
    response.headers["Content-Type"] = "application/problem+json"
    return response
  }
}
