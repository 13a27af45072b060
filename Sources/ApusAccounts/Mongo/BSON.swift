package import ApusJSON

/// A value of BSON (bsonspec.org, version 1.1), as far as our documents and a server's replies have them.
package indirect enum BSON: Sendable, Equatable {
  case double(Double)
  case string(String)
  case document([Member])
  case array([BSON])
  case bool(Bool)
  /// Milliseconds since 1970.
  case date(Int64)
  case null
  case int32(Int32)
  case int64(Int64)
  /// Object ids, timestamps and more, which only others write.
  case foreign

  package struct Member: Sendable, Equatable {
    package let name: String
    package let value: BSON

    package init(_ name: String, _ value: BSON) {
      self.name = name
      self.value = value
    }
  }

  package static func members(_ members: KeyValuePairs<String, BSON>) -> BSON {
    .document(members.map { Member($0.key, $0.value) })
  }

  package subscript(name: String) -> BSON? {
    guard case .document(let members) = self else { return nil }
    return members.first { $0.name == name }?.value
  }

  package var integer: Int64? {
    switch self {
    case .int32(let number): Int64(number)
    case .int64(let number): number
    // A server counts in whichever it likes.
    case .double(let number): Int64(exactly: number)
    default: nil
    }
  }

  package var string: String? { if case .string(let text) = self { text } else { nil } }

  package var array: [BSON]? { if case .array(let elements) = self { elements } else { nil } }

  /// Milliseconds since 1970.
  package var date: Int64? { if case .date(let date) = self { date } else { nil } }
}

extension BSON {
  /// What a document that was made as JSON is in BSON.
  package init(_ json: JSON) {
    switch json {
    case .null: self = .null
    case .bool(let value): self = .bool(value)
    case .integer(let value): self = .int64(value)
    case .number(let value): self = .double(value)
    case .string(let value): self = .string(value)
    case .array(let elements): self = .array(elements.map { BSON($0) })
    case .object(let members): self = .document(members.map { Member($0.key, BSON($0.value)) })
    }
  }

  package var json: JSON {
    switch self {
    case .double(let value): .number(value)
    case .string(let value): .string(value)
    case .document(let members): .object(members.map { ($0.name, $0.value.json) })
    case .array(let elements): .array(elements.map(\.json))
    case .bool(let value): .bool(value)
    case .date(let value), .int64(let value): .integer(value)
    case .int32(let value): .integer(Int64(value))
    case .null, .foreign: .null
    }
  }
}
