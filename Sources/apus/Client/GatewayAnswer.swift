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

  func json() throws(CommandError) -> JSON {
    do throws(JSONError) {
      return try JSON.parse(body)
    } catch {
      throw CommandError("the gateway's answer is no JSON: \(error). Is it a gateway that listens there?")
    }
  }
}
