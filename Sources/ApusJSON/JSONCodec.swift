/// Turns Codable values into JSON text (RFC 8259) and back, without Foundation.
///
/// `[UInt8]` is an array of numbers, as every other array: JSON has no bytes. Encode base64 text where size matters.
package enum JSONCodec {
  /// Reads one value; `bytes` is only read during the call.
  ///
  /// - Throws: `JSONError`, or whatever error of its own the type throws from `init(from:)`.
  package static func decode<T: Decodable>(
    _ type: T.Type, from bytes: UnsafeRawBufferPointer, limits: Limits = Limits()
  ) throws -> T {
    let tape = try Tape(bytes, limits)
    do {
      return try tape.value(type, Tape.root)
    } catch let error as DecodingError {
      throw tape.explain(error)
    }
  }

  /// Reads one value from an array of bytes.
  package static func decode<T: Decodable>(
    _ type: T.Type, from bytes: [UInt8], limits: Limits = Limits()
  ) throws -> T {
    try bytes.withUnsafeBytes { try decode(type, from: $0, limits: limits) }
  }

  /// Writes one value; members keep the order in which the value encodes them.
  ///
  /// - Throws: `JSONError`, or whatever error of its own the type throws from `encode(to:)`.
  package static func encode(
    _ value: some Encodable, format: Format = .compact, depth: Int = Limits.depthDefault
  ) throws -> [UInt8] {
    let output = Output(depthLimit: depth)
    do {
      try output.topLevel(value)
    } catch let error as EncodingError {
      throw JSONError(error)
    }
    return try output.finish(format)
  }
}
