extension Tape {
  func keys(_ object: Int) -> [String] {
    var keys: [String] = []
    var index = object + 1
    while index < Int(self[object].low) {
      keys.append(token(index).string)
      index = next(index + 1)
    }
    return keys
  }

  func requiredMember(_ object: Int, _ key: String) throws -> Int {
    guard let value = member(object, key) else { throw error(.missingKey(key), object) }
    return value
  }

  /// The value as a dynamic document.
  func document(_ index: Int) -> JSON {
    let node = self[index]
    switch node.kind {
    case .null: return .null
    case .false: return .bool(false)
    case .true: return .bool(true)
    case .integer: return .integer(Int64(bitPattern: node.bits))
    case .unsigned: return .number(Double(node.bits))
    case .double: return .number(Double(bitPattern: node.bits))
    case .string, .escaped: return .string(token(index).string)
    case .array:
      var elements: [JSON] = []
      elements.reserveCapacity(Int(node.high))
      var child = index + 1
      while child < Int(node.low) {
        elements.append(document(child))
        child = next(child)
      }
      return .array(elements)
    case .object:
      var members: [(key: String, value: JSON)] = []
      var key = index + 1
      while key < Int(node.low) {
        members.append((token(key).string, document(key + 1)))
        key = next(key + 1)
      }
      return .object(members)
    }
  }
}
