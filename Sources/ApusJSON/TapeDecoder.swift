/// The Decoder of one node.
struct TapeDecoder: Decoder {
  let tape: Tape
  let node: Int

  var codingPath: [any CodingKey] { tape.path(to: node) }
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    guard tape[node].kind == .object else { throw tape.mismatch("an object", node) }
    return KeyedDecodingContainer(KeyedReader<Key>(tape: tape, node: node))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    guard tape[node].kind == .array else { throw tape.mismatch("an array", node) }
    return UnkeyedReader(tape: tape, node: node)
  }

  func singleValueContainer() throws -> any SingleValueDecodingContainer { self }
}
