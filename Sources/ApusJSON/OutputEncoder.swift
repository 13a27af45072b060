/// The Encoder of one value that is being written.
struct OutputEncoder: Encoder {
  let output: Output
  let frame: Int

  var codingPath: [any CodingKey] { output.path(frame) }
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    output.open(frame, .object)
    return KeyedEncodingContainer(KeyedWriter<Key>(output: output, frame: frame))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    output.open(frame, .array)
    return UnkeyedWriter(output: output, frame: frame)
  }

  func singleValueContainer() -> any SingleValueEncodingContainer { self }
}
