/// A document whose shape is not known beforehand.
package enum JSON: Sendable {
  case null
  case bool(Bool)
  /// Numbers that are written without point or exponent and fit.
  case integer(Int64)
  /// All other numbers; whole ones beyond Int64 lose digits here (decode UInt64 or Int128 to keep them).
  case number(Double)
  case string(String)
  case array([JSON])
  /// In the order of the text.
  case object([(key: String, value: JSON)])

  package static func parse(
    _ bytes: UnsafeRawBufferPointer, limits: JSONCodec.Limits = JSONCodec.Limits()
  ) throws(JSONError) -> JSON {
    try Tape(bytes, limits).document(Tape.root)
  }

  package static func parse(
    _ bytes: [UInt8], limits: JSONCodec.Limits = JSONCodec.Limits()
  ) throws(JSONError) -> JSON {
    let tape = try bytes.withUnsafeBytes { bytes in Result { () throws(JSONError) in try Tape(bytes, limits) } }.get()
    return tape.document(Tape.root)
  }

  /// The text of the document.
  ///
  /// - Throws: `JSONError` for what JSON cannot say: NaN, infinities, a key twice, more levels than can be read back.
  package func serialise(format: JSONCodec.Format = .compact) throws -> [UInt8] {
    try JSONCodec.encode(self, format: format, depth: JSONCodec.Limits.depthMaximum)
  }
}

extension JSON: Equatable {
  /// Members may stand in any order (RFC 8259 §1); 1 and 1.0 are two documents.
  package static func == (left: JSON, right: JSON) -> Bool {
    switch (left, right) {
    case (.null, .null): true
    case (.bool(let left), .bool(let right)): left == right
    case (.integer(let left), .integer(let right)): left == right
    case (.number(let left), .number(let right)): left == right
    case (.string(let left), .string(let right)): left == right
    case (.array(let left), .array(let right)): left == right
    case (.object(let left), .object(let right)): haveSameMembers(left, right)
    default: false
    }
  }

  private typealias Members = [(key: String, value: JSON)]

  private static func haveSameMembers(_ left: Members, _ right: Members) -> Bool {
    guard left.count == right.count else { return false }
    if zip(left, right).allSatisfy({ $0.key == $1.key }) {
      return zip(left, right).allSatisfy { $0.value == $1.value }
    }
    // A stable sort, so that even a key that was put in twice compares in order.
    let sorted = [left, right].map { members in members.sorted { $0.key < $1.key } }
    return zip(sorted[0], sorted[1]).allSatisfy { $0.key == $1.key && $0.value == $1.value }
  }
}
