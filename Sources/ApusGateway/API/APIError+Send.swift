import ApusHTTP
import ApusJSON

extension APIError {
  /// Answers the call with it; a caller who has left hears nothing.
  @inline(never)
  func send(_ exchange: Exchange, _ stamp: CallStamp? = nil) async {
    guard !exchange.isStarted else { return exchange.closeAfterwards() }
    var head = ResponseHead(status: status)
    stamp?.stamp(&head.fields)
    for (name, value) in fields { try? head.fields.append(name, value) }
    let wantsJSON = exchange.head.fields[.accept].map(APIError.prefersJSON) ?? false
    try? head.fields.append(.contentType, wantsJSON ? "application/problem+json" : "text/plain; charset=utf-8")
    try? await exchange.respond(head, wantsJSON ? problem(stamp?.callID) : Array("\(message)\n".utf8))
  }

  static func prefersJSON(_ accept: String) -> Bool {
    accept.split(separator: ",").contains { range in
      let type = range.prefix { $0 != ";" }.filter { $0 != " " }.lowercased()
      return type == "application/json" || type == "application/problem+json"
    }
  }

  private func problem(_ callID: String?) -> [UInt8] {
    var members: [(key: String, value: JSON)] = [
      ("type", .string("urn:apus:\(code)")), ("title", .string(message)), ("status", .integer(Int64(status))),
    ]
    if let advice { members.append(("detail", .string(advice))) }
    if let callID { members.append(("call_id", .string(callID))) }
    // Keys are ours and values plain, so it can be said in JSON.
    return (try? JSON.object(members).serialise()) ?? []
  }
}
