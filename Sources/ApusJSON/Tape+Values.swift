extension Tape {
  func isNull(_ index: Int) -> Bool { self[index].kind == .null }

  func bool(_ index: Int) throws -> Bool {
    switch self[index].kind {
    case .true: return true
    case .false: return false
    default: throw mismatch("true or false", index)
    }
  }

  func string(_ index: Int) throws -> String {
    guard self[index].isString else { throw mismatch("a string", index) }
    return token(index).string
  }

  func double(_ index: Int) throws -> Double {
    let node = self[index]
    switch node.kind {
    case .double: return Double(bitPattern: node.bits)
    case .integer: return Double(Int64(bitPattern: node.bits))
    case .unsigned: return Double(node.bits)
    default: throw mismatch("a number", index)
    }
  }

  /// Reads the digits again, since rounding to Double and then to Float may differ from rounding once.
  func float(_ index: Int) throws -> Float {
    let node = self[index]
    switch node.kind {
    case .integer: return Float(Int64(bitPattern: node.bits))
    case .unsigned: return Float(node.bits)
    case .double:
      let text = numberText(index)
      guard let value = Float(text), value.isFinite else { throw doesNotFit(index, Float.self) }
      return value
    default: throw mismatch("a number", index)
    }
  }

  /// Numbers such as 2.0 and 1e3 count as whole, since some writers know only one kind of number.
  func integer<Value: FixedWidthInteger>(_ type: Value.Type, _ index: Int) throws -> Value {
    let node = self[index]
    switch node.kind {
    case .integer:
      if let value = Value(exactly: Int64(bitPattern: node.bits)) { return value }
    case .unsigned:
      if let value = Value(exactly: node.bits) { return value }
    case .double:
      return try wholeDouble(type, index)
    default:
      throw mismatch("a number", index)
    }
    throw doesNotFit(index, type)
  }

  private func wholeDouble<Value: FixedWidthInteger>(_ type: Value.Type, _ index: Int) throws -> Value {
    let number = Double(bitPattern: self[index].bits)
    guard number == number.rounded() else {
      throw error(.notWhole(number: shownNumber(index), type: "\(type)"), index)
    }
    let text = scalarText(index)
    if text.allSatisfy({ ASCII.isDigit($0) || $0 == ASCII.minus }) {
      // Digits beyond 64 bits, which the wider types can still hold.
      if let value = Value(numberText(index)) { return value }
    } else if number.magnitude < 0x1p53, let value = Value(exactly: number) {
      // From 2^53 on the Double may stand for a neighbour of what was written.
      return value
    }
    throw doesNotFit(index, type)
  }

  func mismatch(_ expected: String, _ index: Int) -> JSONError {
    let found =
      switch self[index].kind {
      case .null: "null"
      case .true: "true"
      case .false: "false"
      case .integer, .unsigned, .double: "a number"
      case .string, .escaped: "a string"
      case .array: "an array"
      case .object: "an object"
      }
    return error(.mismatch(expected: expected, found: found), index)
  }

  private func doesNotFit(_ index: Int, _ type: Any.Type) -> JSONError {
    error(.doesNotFit(number: shownNumber(index), type: "\(type)"), index)
  }

  private func shownNumber(_ index: Int) -> String {
    let text = numberText(index)
    return text.utf8.count <= 40 ? text : text.prefix(40) + "…"
  }
}
