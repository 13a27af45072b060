/// Adds members to one object.
struct KeyedWriter<Key: CodingKey>: KeyedEncodingContainerProtocol {
  let output: Output
  let frame: Int

  var codingPath: [any CodingKey] { output.path(frame) }

  private func member(_ key: Key, _ body: () throws -> Void) throws {
    try output.member(frame, key.stringValue, body)
  }

  func encodeNil(forKey key: Key) throws { try member(key) { output.text.null() } }
  func encode(_ value: Bool, forKey key: Key) throws { try member(key) { output.text.bool(value) } }
  func encode(_ value: String, forKey key: Key) throws { try member(key) { output.text.string(value) } }
  func encode(_ value: Double, forKey key: Key) throws { try member(key) { try output.double(value) } }
  func encode(_ value: Float, forKey key: Key) throws { try member(key) { try output.float(value) } }
  func encode(_ value: Int, forKey key: Key) throws { try member(key) { output.text.integer(value) } }
  func encode(_ value: Int8, forKey key: Key) throws { try member(key) { output.text.integer(value) } }
  func encode(_ value: Int16, forKey key: Key) throws { try member(key) { output.text.integer(value) } }
  func encode(_ value: Int32, forKey key: Key) throws { try member(key) { output.text.integer(value) } }
  func encode(_ value: Int64, forKey key: Key) throws { try member(key) { output.text.integer(value) } }
  func encode(_ value: Int128, forKey key: Key) throws { try member(key) { output.text.integer(value) } }
  func encode(_ value: UInt, forKey key: Key) throws { try member(key) { output.text.integer(value) } }
  func encode(_ value: UInt8, forKey key: Key) throws { try member(key) { output.text.integer(value) } }
  func encode(_ value: UInt16, forKey key: Key) throws { try member(key) { output.text.integer(value) } }
  func encode(_ value: UInt32, forKey key: Key) throws { try member(key) { output.text.integer(value) } }
  func encode(_ value: UInt64, forKey key: Key) throws { try member(key) { output.text.integer(value) } }
  func encode(_ value: UInt128, forKey key: Key) throws { try member(key) { output.text.integer(value) } }
  func encode<T: Encodable>(_ value: T, forKey key: Key) throws { try member(key) { try output.value(value) } }

  func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type, forKey key: Key
  ) -> KeyedEncodingContainer<Nested> {
    output.branch(frame, key.stringValue).container(keyedBy: type)
  }

  func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
    output.branch(frame, key.stringValue).unkeyedContainer()
  }

  func superEncoder() -> any Encoder { output.branch(frame, "super") }
  func superEncoder(forKey key: Key) -> any Encoder { output.branch(frame, key.stringValue) }
}
