/// Named values of a log line, in the order given; of two with one name the later counts.
package struct LogFields: Sendable, Equatable, ExpressibleByDictionaryLiteral {
  package struct Entry: Sendable, Equatable {
    package var name: String
    package var value: LogValue
  }

  package private(set) var entries: [Entry] = []

  package init() {}

  package init(dictionaryLiteral elements: (String, LogValue)...) {
    entries.reserveCapacity(elements.count)
    for (name, value) in elements { self[name] = value }
  }

  package subscript(name: String) -> LogValue? {
    get { entries.first { $0.name == name }?.value }
    set {
      let index = entries.firstIndex { $0.name == name }
      switch (index, newValue) {
      case (let index?, let value?): entries[index].value = value
      case (nil, let value?): entries.append(Entry(name: name, value: value))
      case (let index?, nil): entries.remove(at: index)
      case (nil, nil): break
      }
    }
  }

  /// These fields with `others` on top.
  package func merging(_ others: LogFields) -> LogFields {
    if entries.isEmpty { return others }
    var merged = self
    for entry in others.entries { merged[entry.name] = entry.value }
    return merged
  }
}
