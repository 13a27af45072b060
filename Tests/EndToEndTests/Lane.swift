import Testing

/// A connection with at most one request under way, so that a test has many at once without a thread for each.
final class Lane {
  private let gateway: RunningGateway
  private let basic: String
  private var connection: WireConnection?

  init(_ gateway: RunningGateway) throws {
    self.gateway = gateway
    basic = try gateway.basic()
  }

  /// Asks as the administrator.
  func send(_ method: String, _ path: String, _ body: String = "") throws {
    let connection = try self.connection ?? gateway.connect()
    self.connection = connection
    try connection.send(
      "\(method) \(path) HTTP/1.1\r\nHost: \(gateway.host)\r\nAuthorization: \(basic)\r\n"
        + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
  }

  /// Calls a function.
  func call(_ function: String, _ body: String) throws { try send("POST", "/function/\(function)", body) }

  /// What came back; nil if the gateway ended first.
  func answer() -> WireAnswer? {
    guard let answer = try? connection?.answer() else {
      connection = nil
      return nil
    }
    if answer["connection"] == "close" { connection = nil }
    return answer
  }

  /// Asks and waits.
  func ask(_ method: String, _ path: String, _ body: String = "") throws -> WireAnswer {
    try send(method, path, body)
    return try #require(answer(), "\(method) \(path): no answer")
  }
}
