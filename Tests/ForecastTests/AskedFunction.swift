import Apus
import ApusJSON
import ApusTesting
import ForecastAPI

extension ApusJSON.JSON {
  /// The numbers of a list.
  var numbers: [Double]? { arrayValue?.compactMap(\.doubleValue) }
}

/// The function as its callers reach it, without a socket.
enum AskedFunction {
  /// With time enough for a slow machine: none is up but where a test says so.
  static let function = TestedFunction(ForecastRoutes.all.handler, environment: ["exec_timeout": "10m"])

  static func post(
    _ body: String, _ path: String = "/", query: String? = nil, type: String = "application/json",
    accept: String = "application/json", timeout: String? = nil
  ) async throws -> (status: Int, document: ApusJSON.JSON, text: String) {
    var request = Request(
      .post, path, query: query, headers: ["Content-Type": type, "Accept": accept], body: Array(body.utf8))
    if let timeout { request.headers["X-Timeout"] = timeout }
    let answer = try await function.call(request)
    let document = (try? ApusJSON.JSON.parse(answer.body)) ?? .null
    return (answer.status.code, document, answer.text)
  }

  /// A list as JSON.
  static func list(_ values: [Double]) -> String {
    "[" + values.map { "\($0)" }.joined(separator: ",") + "]"
  }

  /// Days from 2024-01-01 on, which is a Monday.
  static func days(_ count: Int) -> String {
    let lengths = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    var texts: [String] = []
    for (month, length) in lengths.enumerated() {
      for day in 1...length {
        texts.append("\"2024-\(month < 9 ? "0" : "")\(month + 1)-\(day < 10 ? "0" : "")\(day)\"")
      }
    }
    return "[" + texts.prefix(count).joined(separator: ",") + "]"
  }
}
