extension BSON {
  /// Reads one document; nil for what is none, or nested deeper than anything of ours.
  package init?(bytes: [UInt8]) {
    var reader = BSONReader(bytes)
    guard let document = reader.document(depth: 0), reader.isAtEnd else { return nil }
    self = document
  }
}

/// Goes through the bytes of a document once. A length is believed only after it was compared with what is there.
private struct BSONReader {
  private static let depthLimit = 32
  private let bytes: [UInt8]
  private var at = 0

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  var isAtEnd: Bool { at == bytes.count }

  mutating func document(depth: Int) -> BSON? {
    members(depth: depth).map { .document($0) }
  }

  private mutating func members(depth: Int) -> [BSON.Member]? {
    let start = at
    guard depth < BSONReader.depthLimit, let size: Int32 = number(), size >= 5, Int(size) <= bytes.count - start else {
      return nil
    }
    let end = start + Int(size) - 1
    var members: [BSON.Member] = []
    while at < end {
      guard let kind = byte(), let name = name(before: end), let value = value(kind, before: end, depth) else {
        return nil
      }
      members.append(BSON.Member(name, value))
    }
    guard at == end, byte() == 0 else { return nil }
    return members
  }

  private mutating func value(_ kind: UInt8, before end: Int, _ depth: Int) -> BSON? {
    switch kind {
    case 0x01: return number().map { (bits: UInt64) in .double(Double(bitPattern: bits)) }
    case 0x02: return text(before: end).map { .string($0) }
    case 0x03: return document(depth: depth + 1)
    case 0x04: return members(depth: depth + 1).map { .array($0.map(\.value)) }
    case 0x08: return byte().flatMap { $0 > 1 ? nil : .bool($0 == 1) }
    case 0x09: return number().map { .date($0) }
    case 0x0A: return .null
    case 0x10: return number().map { .int32($0) }
    case 0x12: return number().map { .int64($0) }
    // Undefined, and the smallest and largest key.
    case 0x06, 0x7F, 0xFF: return .foreign
    case 0x07: return skip(12, before: end)
    case 0x11: return skip(8, before: end)
    case 0x13: return skip(16, before: end)
    case 0x05:
      guard let size: Int32 = number(), size >= 0 else { return nil }
      return skip(Int(size) + 1, before: end)
    case 0x0B: return name(before: end).flatMap { _ in name(before: end) }.map { _ in .foreign }
    case 0x0D, 0x0E: return text(before: end).map { _ in .foreign }
    default: return nil
    }
  }

  private mutating func byte() -> UInt8? {
    guard at < bytes.count else { return nil }
    defer { at += 1 }
    return bytes[at]
  }

  private mutating func number<Number: FixedWidthInteger>() -> Number? {
    let size = MemoryLayout<Number>.size
    guard bytes.count - at >= size else { return nil }
    defer { at += size }
    return bytes[at..<at + size].reversed().reduce(Number(0)) { $0 << 8 | Number(truncatingIfNeeded: $1) }
  }

  private mutating func skip(_ count: Int, before end: Int) -> BSON? {
    guard end - at >= count else { return nil }
    at += count
    return .foreign
  }

  private mutating func name(before end: Int) -> String? {
    guard let zero = bytes[at..<max(at, end)].firstIndex(of: 0) else { return nil }
    defer { at = zero + 1 }
    return String(validating: bytes[at..<zero], as: UTF8.self)
  }

  private mutating func text(before end: Int) -> String? {
    guard let size: Int32 = number(), size >= 1, Int(size) <= end - at else { return nil }
    let last = at + Int(size) - 1
    guard bytes[last] == 0 else { return nil }
    defer { at = last + 1 }
    return String(validating: bytes[at..<last], as: UTF8.self)
  }
}
