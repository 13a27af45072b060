import Apus

/// A list of a request: one that is too long is refused before it is read, and the clock is looked at meanwhile.
struct BoundedList<Element: Decodable & Sendable>: Decodable, Sendable {
  let elements: [Element]

  init(_ elements: [Element], as field: String) throws {
    try Self.refuse(elements.count, field, ForecastLimits.most(in: field))
    self.elements = elements
  }

  init(from decoder: any Decoder) throws {
    var container = try decoder.unkeyedContainer()
    let count = container.count ?? 0
    let path = decoder.codingPath.map(\.stringValue)
    // A problem of a set's member is told as that of a request of its own.
    let field = path.dropFirst(path.first == "series_set" ? 2 : 0).joined(separator: ".")
    try Self.refuse(count, field, ForecastLimits.most(in: path.last ?? ""))
    let time = ReadingTime.current
    var elements: [Element] = []
    elements.reserveCapacity(count)
    while !container.isAtEnd {
      elements.append(try container.decode(Element.self))
      try time?.tick()
    }
    self.elements = elements
  }

  private static func refuse(_ count: Int, _ field: String, _ most: Int) throws {
    guard count > most else { return }
    throw Problem.field(field, "Too many values", "Send at most \(most) of the \(count).")
  }
}
