extension BSON {
  /// The bytes of a document.
  package var bytes: [UInt8] {
    guard case .document(let members) = self else { return BSON.document([]).bytes }
    return BSON.framed(members)
  }

  private static func framed(_ members: [Member]) -> [UInt8] {
    var body: [UInt8] = []
    for member in members {
      body.append(member.value.kind)
      // A name ends at its first zero byte; ours have none.
      body += member.name.utf8.filter { $0 != 0 }
      body.append(0)
      body += member.value.content
    }
    return number(Int32(clamping: body.count + 5)) + body + [0]
  }

  private var kind: UInt8 {
    switch self {
    case .double: 0x01
    case .string: 0x02
    case .document: 0x03
    case .array: 0x04
    case .bool: 0x08
    case .date: 0x09
    case .null, .foreign: 0x0A
    case .int32: 0x10
    case .int64: 0x12
    }
  }

  private var content: [UInt8] {
    switch self {
    case .double(let value): BSON.number(value.bitPattern)
    case .string(let text): BSON.number(Int32(clamping: text.utf8.count + 1)) + text.utf8 + [0]
    case .document(let members): BSON.framed(members)
    case .array(let elements): BSON.framed(elements.enumerated().map { Member("\($0.offset)", $0.element) })
    case .bool(let value): [value ? 1 : 0]
    case .date(let value), .int64(let value): BSON.number(value)
    case .null, .foreign: []
    case .int32(let value): BSON.number(value)
    }
  }

  private static func number<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
    withUnsafeBytes(of: number.littleEndian) { Array($0) }
  }
}
