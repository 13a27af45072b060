import Glibc

/// The environment of this process, read once as it was at the first use.
package struct ProcessEnvironment: Sendable {
  package var values: [String: String]

  package init(_ values: [String: String]) {
    self.values = values
  }

  package static func current() -> ProcessEnvironment {
    var values: [String: String] = [:]
    var at = environ
    while let entry = at.pointee {
      let text = String(cString: entry)
      if let equals = text.firstIndex(of: "=") {
        values[String(text[..<equals])] = String(text[text.index(after: equals)...])
      }
      at += 1
    }
    return ProcessEnvironment(values)
  }

  package subscript(name: String) -> String? { values[name] }
}
