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
    var bytes: [UInt8] = []
    var rest = text
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "%"):
        guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit) else { return nil }
        bytes.append(high << 4 | low)
      case UInt8(ascii: "+"): bytes.append(UInt8(ascii: " "))
      default: bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    Character(Unicode.Scalar(byte)).hexDigitValue.map { UInt8($0) }
  }
}
