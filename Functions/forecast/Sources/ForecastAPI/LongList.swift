import Apus
import Forecasting

/// A list that may be long: one that is too long is refused before it is read, and the clock is looked at meanwhile.
struct LongList<Element: Decodable & Sendable>: Decodable, Sendable {
  let elements: [Element]

  init(_ elements: [Element]) { self.elements = elements }

  init(from decoder: any Decoder) throws {
    var container = try decoder.unkeyedContainer()
    let count = container.count ?? 0
    guard count <= ForecastLimits.values else {
      throw Problem.field(
        decoder.codingPath.last?.stringValue ?? "series", "Too many values",
        "\(count) are more than \(ForecastLimits.values): send the newest.")
    }
    var elements: [Element] = []
    elements.reserveCapacity(count)
    while !container.isAtEnd {
      elements.append(try container.decode(Element.self))
      if elements.count.isMultiple(of: ForecastLimits.valuesBetweenLooks) { try ReadingTime.current?.check() }
    }
    self.elements = elements
  }
}
