/// A request as Go's net/http puts it on the wire, which is how faas-cli sends everything.
struct GoRequest: Sendable {
  enum Identity: Sendable {
    case none
    /// After `faas-cli login`.
    case admin
    case wrongPassword
    /// What an older faas-cli sends before `login`.
    case emptyBearer
  }

  /// Who the commands say they are.
  enum Agent: String, Sendable {
    case cli = "faas-cli/0.18.0"
    case sdk = "openfaas-go-sdk"
    case invoke = "faas-cli/0.18.0 (openfaas; linux; amd64)"
    /// What Go says where nobody says anything: login and ready.
    case go = "Go-http-client/1.1"
  }

  var method: String
  var path: String
  var body: String?
  /// Sent in chunks, as Go does with a body whose length it does not know.
  var isChunked = false
  var identity = Identity.admin
  var agent = Agent.cli
  /// Go sorts them by name.
  var fields: [String: String] = [:]
  /// Upon which faas-cli goes on as the command's name promises.
  var accepted: [Int]
  var shape = AnswerShape.any

  func onWire(host: String, basic: String) -> String {
    var head = "\(method) \(path) HTTP/1.1\r\nHost: \(host)\r\nUser-Agent: \(agent.rawValue)\r\n"
    if let body { head += isChunked ? "Transfer-Encoding: chunked\r\n" : "Content-Length: \(body.utf8.count)\r\n" }
    var fields = fields
    switch identity {
    case .none: break
    case .admin: fields["Authorization"] = basic
    case .wrongPassword: fields["Authorization"] = "Basic YWRtaW46d3Jvbmc="
    // Go cuts the blank behind the word.
    case .emptyBearer: fields["Authorization"] = "Bearer"
    }
    for (name, value) in fields.sorted(by: { $0.key < $1.key }) { head += "\(name): \(value)\r\n" }
    head += "Accept-Encoding: gzip\r\n\r\n"
    guard let body else { return head }
    return head + (isChunked ? "\(String(body.utf8.count, radix: 16))\r\n\(body)\r\n0\r\n\r\n" : body)
  }
}

extension GoRequest {
  func with(_ change: (inout GoRequest) -> Void) -> GoRequest {
    var other = self
    change(&other)
    return other
  }

  static func get(_ path: String, _ accepted: [Int], _ shape: AnswerShape = .any) -> GoRequest {
    GoRequest(method: "GET", path: path, accepted: accepted, shape: shape)
  }

  /// With a body of JSON, and the content type that faas-cli's own client sets.
  static func send(_ method: String, _ path: String, _ body: String, _ accepted: [Int]) -> GoRequest {
    GoRequest(
      method: method, path: path, body: body, fields: ["Content-Type": "application/json"], accepted: accepted)
  }

  static func functions(_ method: String, _ body: String, _ accepted: [Int]) -> GoRequest {
    send(method, "/system/functions", body, accepted)
  }

  static func secrets(_ method: String, _ body: String, _ accepted: [Int]) -> GoRequest {
    send(method, "/system/secrets", body, accepted)
  }

  /// Of the SDK, which sets no content type.
  static func namespaces(_ method: String, _ path: String, _ body: String?, _ accepted: [Int]) -> GoRequest {
    GoRequest(method: method, path: path, body: body, agent: .sdk, accepted: accepted)
  }

  /// A call of a function; the gateway's credentials do not go along.
  static func call(
    _ path: String, _ body: String?, method: String = "POST", type: String = "text/plain", _ shape: AnswerShape,
    accepted: [Int] = [200]
  ) -> GoRequest {
    GoRequest(
      method: method, path: path, body: body, identity: .none, agent: .invoke, fields: ["Content-Type": type],
      accepted: accepted, shape: shape)
  }
}
