import ApusJSON

/// A decoder of one value that counts how often somebody tries to read it.
final class CountedAttempts: Decoder, SingleValueDecodingContainer {
  private let value: ApusJSON.JSON
  private(set) var count = 0
  let codingPath: [any CodingKey] = []
  let userInfo: [CodingUserInfoKey: Any] = [:]

  init(_ value: ApusJSON.JSON) { self.value = value }

  func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
    try attempt(value as? Value)
  }

  func decode(_ type: String.Type) throws -> String { try attempt(value.stringValue) }
  func decode(_ type: Double.Type) throws -> Double { try attempt(value.doubleValue) }
  func decode(_ type: Int.Type) throws -> Int { try attempt(value.integerValue.map(Int.init)) }
  func decode(_ type: Bool.Type) throws -> Bool { try attempt(nil) }
  func decode(_ type: Float.Type) throws -> Float { try attempt(nil) }
  func decode(_ type: Int8.Type) throws -> Int8 { try attempt(nil) }
  func decode(_ type: Int16.Type) throws -> Int16 { try attempt(nil) }
  func decode(_ type: Int32.Type) throws -> Int32 { try attempt(nil) }
  func decode(_ type: Int64.Type) throws -> Int64 { try attempt(nil) }
  func decode(_ type: UInt.Type) throws -> UInt { try attempt(nil) }
  func decode(_ type: UInt8.Type) throws -> UInt8 { try attempt(nil) }
  func decode(_ type: UInt16.Type) throws -> UInt16 { try attempt(nil) }
  func decode(_ type: UInt32.Type) throws -> UInt32 { try attempt(nil) }
  func decode(_ type: UInt64.Type) throws -> UInt64 { try attempt(nil) }
  func decodeNil() -> Bool { value == .null }

  private func attempt<Value>(_ value: Value?) throws -> Value {
    count += 1
    guard let value else { throw misfit }
    return value
  }

  private var misfit: DecodingError { .dataCorrupted(.init(codingPath: [], debugDescription: "another type")) }

  func singleValueContainer() -> any SingleValueDecodingContainer { self }
  func unkeyedContainer() throws -> any UnkeyedDecodingContainer { throw misfit }
  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> { throw misfit }
}
