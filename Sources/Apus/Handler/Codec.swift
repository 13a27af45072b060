internal import ApusJSON

/// A form in which values come in and go out. The author of a function picks it; `JSON` is the usual one.
public protocol Codec: Sendable {
  /// The form's media type, for the answer's `Content-Type`.
  var contentType: String { get }
  /// A value's content.
  func encode(_ value: some Encodable) throws -> [UInt8]
  /// A content's value. What it throws is shown to the caller.
  func decode<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8]) throws -> Value
}

/// JSON, without Foundation: a function that uses it stays small and starts as fast as one that does not.
public struct JSON: Codec {
  /// Members of objects in the order of their names instead of the order in which the value lists them.
  public var sortsKeys: Bool

  /// The codec; members go out in the order in which the value lists them.
  public init(sortsKeys: Bool = false) {
    self.sortsKeys = sortsKeys
  }

  /// `application/json`.
  public var contentType: String { "application/json" }

  /// A value's JSON text.
  public func encode(_ value: some Encodable) throws -> [UInt8] {
    var format = JSONCodec.Format.compact
    format.sortedKeys = sortsKeys
    return try JSONCodec.encode(value, format: format)
  }

  /// A JSON text's value.
  public func decode<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8]) throws -> Value {
    try JSONCodec.decode(type, from: bytes)
  }
}
