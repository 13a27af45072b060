extension Statement {
  /// What stands for a `?` of a statement.
  package enum Value: Equatable, Sendable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
    case bytes([UInt8])

    package static func text(orNull text: String?) -> Value { text.map { .text($0) } ?? .null }
    package static func integer(orNull integer: Int64?) -> Value { integer.map { .integer($0) } ?? .null }
  }
}
