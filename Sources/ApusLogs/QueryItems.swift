import ApusModel

/// The names and values of a query string (WHATWG URL §5.1), in order; what is badly encoded is left out, as Go does.
struct QueryItems: Sequence, IteratorProtocol {
  private var rest: Substring.UTF8View

  init(_ query: String) {
    rest = Substring(query).utf8
  }

  mutating func next() -> (String, String)? {
    while !rest.isEmpty {
      let item = rest.prefix { $0 != UInt8(ascii: "&") }
      rest = rest[item.endIndex...].dropFirst()
      // Go refuses a semicolon, which was once a separator too and let two readers see two queries.
      if item.isEmpty || item.contains(UInt8(ascii: ";")) { continue }
      let name = item.prefix { $0 != UInt8(ascii: "=") }
      let value = item[name.endIndex...].dropFirst()
      if let name = QueryItems.decode(name), let value = QueryItems.decode(value) { return (name, value) }
    }
    return nil
  }

  private static func decode(_ text: Substring.UTF8View) -> String? {
    PercentCoding.bytes(of: text, plusIsSpace: true).map { String(decoding: $0, as: UTF8.self) }
  }
}
