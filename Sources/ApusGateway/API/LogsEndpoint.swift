import ApusHTTP
import ApusIO
import ApusLogs
import ApusModel

/// `GET /system/logs`: a function's lines as NDJSON, those that are there and, if asked, those that come.
struct LogsEndpoint: StreamingEndpoint {
  let logs: LogStore
  let functions: FunctionTable

  func answer(_ call: APICall, _ exchange: Exchange) async throws(APIError) -> APIAnswer {
    let query: LogQuery
    do throws(LogQueryError) {
      query = try LogQuery(exchange.head.query ?? "")
    } catch {
      throw APIError(status: LogQueryError.status, "bad-query", LogQueryError.message)
    }
    let name: FunctionName
    do throws(NameError) {
      name = try query.function()
    } catch {
      throw APIError(status: 400, "bad-name", "\(error)")
    }
    guard functions[name] != nil else {
      throw APIError(status: 404, "not-found", "there is no function \(name)")
    }
    let follower = LogFollower(logs.ring(of: name), query, of: name)
    var head = ResponseHead()
    try? head.fields.append(.contentType, "application/x-ndjson")
    do throws(HTTPError) {
      try exchange.start(head, length: nil)
      try await exchange.flush()
      while let lines = await follower.next(on: exchange.loop) {
        try await exchange.write(lines)
      }
      try await exchange.finish()
    } catch {
      // The reader has left.
      exchange.closeAfterwards()
    }
    return .sent
  }
}
