extension OutputEncoder: SingleValueEncodingContainer {
  private func single(_ body: () throws -> Void) throws { try output.single(frame, body) }

  func encodeNil() throws { try single { output.text.null() } }
  func encode(_ value: Bool) throws { try single { output.text.bool(value) } }
  func encode(_ value: String) throws { try single { output.text.string(value) } }
  func encode(_ value: Double) throws { try single { try output.double(value) } }
  func encode(_ value: Float) throws { try single { try output.float(value) } }
  func encode(_ value: Int) throws { try single { output.text.integer(value) } }
  func encode(_ value: Int8) throws { try single { output.text.integer(value) } }
  func encode(_ value: Int16) throws { try single { output.text.integer(value) } }
  func encode(_ value: Int32) throws { try single { output.text.integer(value) } }
  func encode(_ value: Int64) throws { try single { output.text.integer(value) } }
  func encode(_ value: Int128) throws { try single { output.text.integer(value) } }
  func encode(_ value: UInt) throws { try single { output.text.integer(value) } }
  func encode(_ value: UInt8) throws { try single { output.text.integer(value) } }
  func encode(_ value: UInt16) throws { try single { output.text.integer(value) } }
  func encode(_ value: UInt32) throws { try single { output.text.integer(value) } }
  func encode(_ value: UInt64) throws { try single { output.text.integer(value) } }
  func encode(_ value: UInt128) throws { try single { output.text.integer(value) } }
  func encode<T: Encodable>(_ value: T) throws { try single { try output.value(value) } }
}
