import ApusJSON

/// What a gateway answered to one request.
struct GatewayAnswer: Sendable {
  let status: Int
  let body: [UInt8]

  var isSuccess: Bool { 200..<300 ~= status }

  /// The body for a person: its first lines, without the line's end.
  var text: String {
    var text = String(decoding: body.prefix(2000), as: UTF8.self)
    while text.last?.isNewline == true { text.removeLast() }
    return text
  }

  /// Why it was refused, for a person: of a problem (RFC 9457) its title and detail, else the body.
  var refusal: String {
    guard let problem = try? JSON.parse(body), let title = problem["title"]?.stringValue else { return text }
    guard let detail = problem["detail"]?.stringValue, !detail.isEmpty else { return title }
    return title.last?.isPunctuation == true ? "\(title) \(detail)" : "\(title). \(detail)"
  }

  func json() throws(CommandError) -> JSON {
    do throws(JSONError) {
      return try JSON.parse(body)
    } catch {
      throw CommandError("the gateway's answer is no JSON: \(error). Is it a gateway that listens there?")
    }
  }
}
