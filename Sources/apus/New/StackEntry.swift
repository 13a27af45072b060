/// A function as a stack.yml has it, for a text that people wrote and go on writing: what is there stays as it is.
struct StackEntry {
  let name: String
  /// From the stack's folder.
  let handler: String
  /// `lang`, and what else the function's language needs.
  let details: [String]

  private func lines(indent: String) -> [String] {
    let own = details.prefix(1) + ["handler: \(handler)", "image: \(name):latest"] + details.dropFirst()
    return (["\(name):"] + own.map { "  \($0)" }).map { indent + $0 }
  }

  /// A stack of this function alone.
  var stack: String {
    let head = ["version: 1.0", "provider:", "  name: openfaas", "  gateway: \(GatewayPlace.usual)", "functions:"]
    return (head + lines(indent: "  ")).reduce(into: "") { $0 += $1 + "\n" }
  }

  /// The text with this function behind the others; nil if its functions are written in a way that can't be added to.
  func appended(to text: String) -> String? {
    var rows = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    if rows.last == "" { rows.removeLast() }
    guard let head = rows.firstIndex(where: { $0.hasPrefix("functions:") }) else {
      return (rows + ["functions:"] + lines(indent: "  ")).reduce(into: "") { $0 += $1 + "\n" }
    }
    // `functions: {}` and the like.
    let rest = rows[head].dropFirst("functions:".count).drop { $0 == " " }
    guard rest.isEmpty || rest.hasPrefix("#") else { return nil }
    var end = head + 1
    var indent: String?
    for (index, row) in rows.enumerated().dropFirst(head + 1) {
      let content = row.drop { $0 == " " }
      if content.isEmpty || content.hasPrefix("#") { continue }
      let spaces = String(repeating: " ", count: row.count - content.count)
      if spaces.isEmpty { break }
      indent = indent ?? spaces
      end = index + 1
    }
    rows.insert(contentsOf: lines(indent: indent ?? "  "), at: end)
    return rows.reduce(into: "") { $0 += $1 + "\n" }
  }
}
