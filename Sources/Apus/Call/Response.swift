internal import ApusHTTP

/// What the function answers.
public struct Response: Sendable {
  /// 200 unless told otherwise.
  public var status: Status
  /// The header fields; length and framing of the content are added.
  public var headers: Headers
  var body: Body

  enum Body: Sendable {
    case bytes([UInt8])
    case stream(length: UInt64?, @Sendable (ResponseWriter) async throws -> Void)
  }

  /// A response with its whole content.
  public init(_ status: Status = .ok, headers: Headers = [:], body: [UInt8] = []) {
    self.status = status
    self.headers = headers
    self.body = .bytes(body)
  }

  /// A response whose content is written as it comes into being; each write leaves at once.
  ///
  /// With `length` the caller is told it beforehand, and exactly that much must be written. When `write` throws, the
  /// connection is cut, so that the caller does not take a part for the whole.
  public init(
    _ status: Status = .ok, headers: Headers = [:], length: UInt64? = nil,
    stream write: @escaping @Sendable (ResponseWriter) async throws -> Void
  ) {
    self.status = status
    self.headers = headers
    body = .stream(length: length, write)
  }

  /// A response of plain text.
  public static func text(_ text: String, _ status: Status = .ok) -> Response {
    Response(status, headers: plain, body: Array(text.utf8))
  }

  /// A response of a value in JSON, or in another codec's form.
  public static func encode(
    _ value: some Encodable, _ codec: some Codec = JSON(), status: Status = .ok
  ) throws -> Response {
    var response = Response(status, body: try codec.encode(value))
    response.headers["Content-Type"] = codec.contentType
    return response
  }

  /// The content: streamed, it is run to its end first.
  package func collect() async throws -> [UInt8] {
    switch body {
    case .bytes(let bytes): return bytes
    case .stream(_, let write):
      let collected = CollectedBody()
      try await write(ResponseWriter(sink: .memory(collected)))
      return collected.bytes
    }
  }

  /// The content, if it is not streamed.
  public var bytes: [UInt8]? {
    if case .bytes(let bytes) = body { bytes } else { nil }
  }

  // Made once: each answer copies the reference.
  private static let plain: Headers = ["Content-Type": "text/plain; charset=utf-8"]
}
