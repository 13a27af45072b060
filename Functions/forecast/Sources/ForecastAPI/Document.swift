/// An answer as it is put together: members stay in the order in which they are added.
enum Document: Encodable, Sendable {
  case null
  case flag(Bool)
  case number(Double)
  case integer(Int)
  case text(String)
  case list([Document])
  case object([(String, Document)])

  func encode(to encoder: any Encoder) throws {
    switch self {
    case .list(let elements):
      var container = encoder.unkeyedContainer()
      for element in elements { try container.encode(element) }
    case .object(let members):
      var container = encoder.container(keyedBy: AnyMember.self)
      for (key, value) in members { try container.encode(value, forKey: AnyMember(stringValue: key)) }
    default:
      var container = encoder.singleValueContainer()
      switch self {
      case .flag(let value): try container.encode(value)
      // JSON has no other way to say that a number is not one.
      case .number(let value): if value.isFinite { try container.encode(value) } else { try container.encodeNil() }
      case .integer(let value): try container.encode(value)
      case .text(let value): try container.encode(value)
      default: try container.encodeNil()
      }
    }
  }

  mutating func add(_ key: String, _ value: Document) {
    guard case .object(var members) = self else { return }
    members.append((key, value))
    self = .object(members)
  }

  static func optional(_ value: Double?) -> Document { value.map(Document.number) ?? .null }
  static func optional(_ value: String?) -> Document { value.map(Document.text) ?? .null }
}
