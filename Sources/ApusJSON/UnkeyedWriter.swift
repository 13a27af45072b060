/// Adds elements to one array.
struct UnkeyedWriter: UnkeyedEncodingContainer {
  let output: Output
  let frame: Int

  var codingPath: [any CodingKey] { output.path(frame) }
  var count: Int { output.count(frame) }

  private func element(_ body: () throws -> Void) throws {
    try output.element(frame, body)
  }

  func encodeNil() throws { try element { output.text.null() } }
  func encode(_ value: Bool) throws { try element { output.text.bool(value) } }
  func encode(_ value: String) throws { try element { output.text.string(value) } }
  func encode(_ value: Double) throws { try element { try output.double(value) } }
  func encode(_ value: Float) throws { try element { try output.float(value) } }
  func encode(_ value: Int) throws { try element { output.text.integer(value) } }
  func encode(_ value: Int8) throws { try element { output.text.integer(value) } }
  func encode(_ value: Int16) throws { try element { output.text.integer(value) } }
  func encode(_ value: Int32) throws { try element { output.text.integer(value) } }
  func encode(_ value: Int64) throws { try element { output.text.integer(value) } }
  func encode(_ value: Int128) throws { try element { output.text.integer(value) } }
  func encode(_ value: UInt) throws { try element { output.text.integer(value) } }
  func encode(_ value: UInt8) throws { try element { output.text.integer(value) } }
  func encode(_ value: UInt16) throws { try element { output.text.integer(value) } }
  func encode(_ value: UInt32) throws { try element { output.text.integer(value) } }
  func encode(_ value: UInt64) throws { try element { output.text.integer(value) } }
  func encode(_ value: UInt128) throws { try element { output.text.integer(value) } }
  func encode<T: Encodable>(_ value: T) throws { try element { try output.value(value) } }

  func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
    output.branch(frame, nil).container(keyedBy: type)
  }

  func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
    output.branch(frame, nil).unkeyedContainer()
  }

  func superEncoder() -> any Encoder { output.branch(frame, nil) }
}
