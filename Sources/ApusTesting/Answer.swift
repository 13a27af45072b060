public import Apus

/// What a function under test answered.
public struct Answer: Sendable {
  /// The status.
  public let status: Status
  /// The header fields.
  public let headers: Headers
  /// The whole content.
  public let body: [UInt8]

  /// The content as text; what is not UTF-8 in it is replaced.
  public var text: String { String(decoding: body, as: UTF8.self) }

  /// The content as a value, by the codec's rules.
  public func decode<Value: Decodable>(_ type: Value.Type, _ codec: some Codec = JSON()) throws -> Value {
    try codec.decode(type, from: body)
  }
}
