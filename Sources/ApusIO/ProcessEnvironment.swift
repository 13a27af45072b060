import Glibc

/// The environment of this process, read once as it was at the first use.
package struct ProcessEnvironment: Sendable {
  // A list, though it is searched: making the first dictionary costs a start more than all its look-ups.
  private var entries: [Entry]

  private struct Entry {
    var name: String
    var value: String
  }

  package init(_ values: [String: String]) {
    entries = values.map { Entry(name: $0.key, value: $0.value) }
  }

  private init(entries: [Entry]) {
    self.entries = entries
  }

  package static func current() -> ProcessEnvironment {
    var entries: [Entry] = []
    var at = environ
    while let entry = at.pointee {
      let text = String(cString: entry)
      if let equals = text.firstIndex(of: "=") {
        entries.append(Entry(name: String(text[..<equals]), value: String(text[text.index(after: equals)...])))
      }
      at += 1
    }
    return ProcessEnvironment(entries: entries)
  }

  /// Of two with one name the later one counts.
  package subscript(name: String) -> String? {
    entries.last { $0.name == name }?.value
  }
}
