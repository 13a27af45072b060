package import ApusHTTP
import ApusJSON

/// What an endpoint answers.
package struct APIAnswer: Sendable {
  package var status: Int
  package var contentType: String?
  package var body: [UInt8]
  package var fields: [(KnownField, String)] = []

  package init(status: Int = 200, contentType: String? = nil, body: [UInt8] = []) {
    self.status = status
    self.contentType = contentType
    self.body = body
  }

  /// 202: the desired state is stored, and will be reached.
  static let accepted = APIAnswer(status: 202)

  /// The endpoint has sent it by itself.
  static let sent = APIAnswer(status: 0)

  static func json(_ json: JSON, status: Int = 200) throws(APIError) -> APIAnswer {
    do {
      return APIAnswer(status: status, contentType: "application/json", body: try json.serialise())
    } catch {
      throw APIError(status: 500, "unspeakable", "the answer can't be said in JSON: \(error)")
    }
  }

  static func text(_ text: String, status: Int = 200) -> APIAnswer {
    APIAnswer(status: status, contentType: "text/plain; charset=utf-8", body: Array(text.utf8))
  }

  func send(_ exchange: Exchange) async {
    if status == 0 { return }
    var head = ResponseHead(status: status)
    if let contentType { try? head.fields.append(.contentType, contentType) }
    for (name, value) in fields { try? head.fields.append(name, value) }
    try? await exchange.respond(head, body)
  }
}
