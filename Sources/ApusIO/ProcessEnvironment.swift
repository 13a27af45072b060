import CLinux

/// The environment of a process, as names and values.
package struct ProcessEnvironment: Sendable {
  package var values: [String: String]

  package init(_ values: [String: String]) {
    self.values = values
  }

  /// This process's, as it is now.
  package static func current() -> ProcessEnvironment {
    var values: [String: String] = [:]
    guard var at = apus_environment() else { return ProcessEnvironment(values) }
    while let entry = at.pointee {
      let text = String(cString: entry)
      if let equals = text.firstIndex(of: "=") {
        // The first of two counts, as it does for getenv(3) and so for every library of ours.
        let name = String(text[..<equals])
        if values[name] == nil { values[name] = String(text[text.index(after: equals)...]) }
      }
      at += 1
    }
    return ProcessEnvironment(values)
  }

  package subscript(name: String) -> String? { values[name] }
}
