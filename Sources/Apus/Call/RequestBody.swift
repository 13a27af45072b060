internal import ApusHTTP
internal import ApusIO

/// The content of a request: piece by piece as it arrives, or collected.
///
/// Who does not read it slows the caller down: no more than a few kilobytes wait in memory. It is read once, by one
/// task at a time, and before the call has its answer; what a response streams may read it to the end.
public struct RequestBody: AsyncSequence, Sendable {
  /// What `collect` takes unless told otherwise: 8 MiB, enough for a photograph and small against a machine's memory.
  public static let collectLimit = 8 << 20

  fileprivate enum Source: Sendable {
    case none
    case held(HeldContent)
    case incoming(LoopBound<IncomingContent>)
  }
  private let source: Source

  init(_ bytes: [UInt8]) {
    source = bytes.isEmpty ? .none : .held(HeldContent(bytes))
  }

  init(_ exchange: Exchange) {
    source = exchange.hasBody ? .incoming(LoopBound(IncomingContent(exchange), to: exchange.loop)) : .none
  }

  /// Reads the content piece by piece.
  public struct AsyncIterator: AsyncIteratorProtocol {
    fileprivate let source: Source

    /// The next piece, nil at the end.
    public mutating func next() async throws -> [UInt8]? {
      switch source {
      case .none: return nil
      case .held(let content): return content.take()
      case .incoming(let content):
        if content.loop.isCurrent { return try await content.value.next() }
        // The main actor's, say.
        return try await content.loop.perform { try await content.value.next() }
      }
    }
  }

  /// An iterator; a second one goes on where the first stopped.
  public func makeAsyncIterator() -> AsyncIterator {
    AsyncIterator(source: source)
  }

  /// The whole content.
  ///
  /// - Throws: a `Problem` of status 413 if it has more than `limit` bytes, or 400 if the caller cut it.
  public func collect(limit: Int = RequestBody.collectLimit) async throws -> [UInt8] {
    switch source {
    case .none: return []
    case .held(let content):
      let bytes = content.take() ?? []
      guard bytes.count <= limit else { throw RequestBody.tooLarge(limit) }
      return bytes
    case .incoming(let content):
      if content.loop.isCurrent { return try await content.value.collect(limit: limit) }
      return try await content.loop.perform { try await content.value.collect(limit: limit) }
    }
  }

  /// The whole content as text.
  ///
  /// - Throws: a `Problem` of status 400 if it is not UTF-8; otherwise as `collect`.
  public func text(limit: Int = RequestBody.collectLimit) async throws -> String {
    let bytes = try await collect(limit: limit)
    guard let text = try? UTF8Span(validating: bytes.span) else {
      throw Problem(.badRequest, "The content is not text in UTF-8")
    }
    return String(copying: text)
  }

  /// The same content once more, if a test made it: production reads a content once, and so a test has to.
  package var again: RequestBody {
    if case .held(let content) = source { RequestBody(content.bytes) } else { self }
  }

  /// The call has its answer: from here on a read is an error. One that waits is waited for, as two tasks can't read
  /// one connection.
  func end(_ exchange: Exchange) async {
    guard case .incoming(let content) = source else { return }
    await content.value.end()
  }

  static func tooLarge(_ limit: Int) -> Problem {
    Problem(.contentTooLarge, "More than \(limit) bytes of content", detail: "Send less at once.")
  }
}
