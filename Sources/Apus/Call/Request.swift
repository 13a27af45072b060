internal import ApusHTTP
internal import ApusModel

/// What a caller asks of the function.
public struct Request: Sendable {
  /// What the caller wants done.
  public var method: Method
  /// The path, as sent: not decoded, beginning with `/`.
  public var path: String
  /// What stands after the `?`, as sent; nil if there is none.
  public var query: String?
  /// The header fields.
  public var headers: Headers
  /// The content, read as it comes.
  public var body: RequestBody
  /// The parts of the path that a route named, decoded: `id` of `/accounts/:id`.
  public internal(set) var parameters: [String: String] = [:]

  /// A request as a test makes it.
  public init(
    _ method: Method = .get, _ path: String = "/", query: String? = nil, headers: Headers = [:], body: [UInt8] = []
  ) {
    self.method = method
    self.path = path
    self.query = query
    self.headers = headers
    self.body = RequestBody(body)
  }

  /// The same request with content that nobody has read yet.
  package var again: Request {
    var request = self
    request.body = body.again
    return request
  }

  /// A request of the runtime's own, for a path with or without a query.
  init(asking target: String) {
    let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    let path = parts.first.map(String.init) ?? ""
    self.init(.get, path.hasPrefix("/") ? path : "/" + path, query: parts.count > 1 ? String(parts[1]) : nil)
  }

  init(_ exchange: Exchange) {
    let head = exchange.head
    method = Method(head.method)
    path = head.path
    query = head.query
    headers = Headers(head.fields)
    body = RequestBody(exchange)
  }

  /// The first value of `name` in the query, decoded; nil if it is not there.
  public func queryValue(_ name: String) -> String? {
    guard let query else { return nil }
    for pair in query.split(separator: "&") {
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard PercentCoding.decode(parts[0], plusIsSpace: true) == name else { continue }
      return parts.count > 1 ? PercentCoding.decode(parts[1], plusIsSpace: true) : ""
    }
    return nil
  }

  /// The content as a value, by the codec's rules.
  ///
  /// - Throws: a `Problem` of status 400 that says where the content is not what was expected, or 413. A `Problem` that
  ///   the codec throws stays as it is.
  public func decode<Value: Decodable>(
    _ type: Value.Type, _ codec: some Codec = JSON(), limit: Int = RequestBody.collectLimit
  ) async throws -> Value {
    let bytes = try await body.collect(limit: limit)
    do {
      return try codec.decode(type, from: bytes)
    } catch let problem as Problem {
      throw problem
    } catch {
      throw Problem(.badRequest, "The content can't be read", detail: "\(error)")
    }
  }
}
