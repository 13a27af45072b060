extension JSON {
  /// The value of a member; nil where there is none, or no object. Setting nil removes it.
  package subscript(_ key: String) -> JSON? {
    get {
      guard case .object(let members) = self else { return nil }
      return members.first { $0.key == key }?.value
    }
    set {
      var members: [(key: String, value: JSON)] = []
      if case .object(let present) = self { members = present }
      switch (members.firstIndex { $0.key == key }, newValue) {
      case (let index?, let value?): members[index].value = value
      case (let index?, nil): members.remove(at: index)
      case (nil, let value?): members.append((key, value))
      case (nil, nil): return
      }
      self = .object(members)
    }
  }

  /// An element; nil beyond the ends, or where there is no array.
  package subscript(_ index: Int) -> JSON? {
    guard case .array(let elements) = self, elements.indices.contains(index) else { return nil }
    return elements[index]
  }

  package var isNull: Bool { if case .null = self { true } else { false } }

  package var boolValue: Bool? { if case .bool(let value) = self { value } else { nil } }

  package var integerValue: Int64? { if case .integer(let value) = self { value } else { nil } }

  /// Any number.
  package var doubleValue: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }

  package var stringValue: String? { if case .string(let value) = self { value } else { nil } }

  package var arrayValue: [JSON]? { if case .array(let value) = self { value } else { nil } }

  package var objectValue: [(key: String, value: JSON)]? { if case .object(let value) = self { value } else { nil } }
}
