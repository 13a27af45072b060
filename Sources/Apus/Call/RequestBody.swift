internal import ApusHTTP

/// The content of a request: piece by piece as it arrives, or collected.
///
/// Who does not read it slows the caller down: no more than a few kilobytes wait in memory. It is read once.
public struct RequestBody: AsyncSequence {
  /// What `collect` takes unless told otherwise: 8 MiB, enough for a photograph and small against a machine's memory.
  public static let collectLimit = 8 << 20

  fileprivate enum Source {
    case bytes([UInt8])
    case exchange(Exchange, serial: Int)
  }
  private let source: Source

  init(_ bytes: [UInt8]) {
    source = .bytes(bytes)
  }

  init(_ exchange: Exchange) {
    source = exchange.hasBody ? .exchange(exchange, serial: exchange.serial) : .bytes([])
  }

  /// Reads the content piece by piece.
  public struct AsyncIterator: AsyncIteratorProtocol {
    fileprivate var source: Source

    /// The next piece, nil at the end.
    public mutating func next() async throws -> [UInt8]? {
      switch source {
      case .bytes(let bytes):
        source = .bytes([])
        return bytes.isEmpty ? nil : bytes
      case .exchange(let exchange, let serial):
        try RequestBody.check(exchange, serial)
        do throws(HTTPError) {
          return try await exchange.readBody().map { [UInt8]($0) }
        } catch {
          throw Problem(error)
        }
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
    case .bytes(let bytes):
      guard bytes.count <= limit else { throw Problem(.contentTooLarge, "More than \(limit) bytes of content") }
      return bytes
    case .exchange(let exchange, let serial):
      try RequestBody.check(exchange, serial)
      do throws(HTTPError) {
        return try await exchange.collectBody(limit: limit)
      } catch .wire(let error) where error.status == 413 {
        throw Problem(.contentTooLarge, "More than \(limit) bytes of content", detail: "Send less at once.")
      } catch {
        throw Problem(error)
      }
    }
  }

  /// The whole content as text.
  ///
  /// - Throws: a `Problem` of status 400 if it is not UTF-8; otherwise as `collect`.
  public func text(limit: Int = RequestBody.collectLimit) async throws -> String {
    guard let text = String(validating: try await collect(limit: limit), as: UTF8.self) else {
      throw Problem(.badRequest, "The content is not text in UTF-8")
    }
    return text
  }

  private static func check(_ exchange: Exchange, _ serial: Int) throws {
    guard exchange.serial == serial else {
      throw Problem(
        .internalServerError, "A request's content was read after its answer",
        detail: "Read it before the handler returns, or in what it streams.")
    }
  }
}
