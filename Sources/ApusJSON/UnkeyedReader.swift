/// The elements of one array, one after the other.
struct UnkeyedReader: UnkeyedDecodingContainer {
  private let tape: Tape
  private let node: Int
  private var element: Int
  private(set) var currentIndex = 0

  init(tape: Tape, node: Int) {
    self.tape = tape
    self.node = node
    element = node + 1
  }

  var codingPath: [any CodingKey] { tape.path(to: node) }
  var count: Int? { Int(tape[node].high) }
  var isAtEnd: Bool { currentIndex == Int(tape[node].high) }

  /// An element counts as read only if it could be.
  private mutating func read<T>(_ body: (Tape, Int) throws -> T) throws -> T {
    guard !isAtEnd else { throw tape.error(.exhausted(count: currentIndex), node) }
    let value = try body(tape, element)
    element = tape.next(element)
    currentIndex += 1
    return value
  }

  mutating func decodeNil() throws -> Bool {
    guard !isAtEnd else { throw tape.error(.exhausted(count: currentIndex), node) }
    guard tape.isNull(element) else { return false }
    return try read { _, _ in true }
  }

  mutating func decode(_ type: Bool.Type) throws -> Bool { try read { try $0.bool($1) } }
  mutating func decode(_ type: String.Type) throws -> String { try read { try $0.string($1) } }
  mutating func decode(_ type: Double.Type) throws -> Double { try read { try $0.double($1) } }
  mutating func decode(_ type: Float.Type) throws -> Float { try read { try $0.float($1) } }
  mutating func decode(_ type: Int.Type) throws -> Int { try read { try $0.integer(type, $1) } }
  mutating func decode(_ type: Int8.Type) throws -> Int8 { try read { try $0.integer(type, $1) } }
  mutating func decode(_ type: Int16.Type) throws -> Int16 { try read { try $0.integer(type, $1) } }
  mutating func decode(_ type: Int32.Type) throws -> Int32 { try read { try $0.integer(type, $1) } }
  mutating func decode(_ type: Int64.Type) throws -> Int64 { try read { try $0.integer(type, $1) } }
  mutating func decode(_ type: Int128.Type) throws -> Int128 { try read { try $0.integer(type, $1) } }
  mutating func decode(_ type: UInt.Type) throws -> UInt { try read { try $0.integer(type, $1) } }
  mutating func decode(_ type: UInt8.Type) throws -> UInt8 { try read { try $0.integer(type, $1) } }
  mutating func decode(_ type: UInt16.Type) throws -> UInt16 { try read { try $0.integer(type, $1) } }
  mutating func decode(_ type: UInt32.Type) throws -> UInt32 { try read { try $0.integer(type, $1) } }
  mutating func decode(_ type: UInt64.Type) throws -> UInt64 { try read { try $0.integer(type, $1) } }
  mutating func decode(_ type: UInt128.Type) throws -> UInt128 { try read { try $0.integer(type, $1) } }
  mutating func decode<T: Decodable>(_ type: T.Type) throws -> T { try read { try $0.value(type, $1) } }

  mutating func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type
  ) throws -> KeyedDecodingContainer<Nested> {
    try read { try TapeDecoder(tape: $0, node: $1).container(keyedBy: type) }
  }

  mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
    try read { try TapeDecoder(tape: $0, node: $1).unkeyedContainer() }
  }

  mutating func superDecoder() throws -> any Decoder {
    try read { TapeDecoder(tape: $0, node: $1) }
  }
}
