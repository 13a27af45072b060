import Foundation

/// Rules about the documents as a whole.
enum Documents {
  /// Relative links of a page that lead nowhere.
  static func deadLinks(in page: SourceFile, exists: (String) -> Bool) -> [Offence] {
    var isFenced = false
    return page.lines.enumerated().flatMap { index, line -> [Offence] in
      if line.drop(while: { $0 == " " }).hasPrefix("```") { isFenced.toggle() }
      if isFenced { return [] }
      return targets(in: line).compactMap { target in
        guard !target.contains("://"), !target.hasPrefix("#"), !target.hasPrefix("mailto:") else { return nil }
        let path = target.prefix { $0 != "#" }
        let folder = page.path.split(separator: "/").dropLast().joined(separator: "/")
        let resolved = resolve(String(path), in: folder)
        if let resolved, resolved.isEmpty || exists(resolved) { return nil }
        return Offence(
          path: page.path, line: index + 1, remedy: "the link \(target) leads nowhere: correct or remove it")
      }
    }
  }

  /// What stands in `](…)`, or after `[name]:` at the start of a line; code spans do not count.
  private static func targets(in line: String) -> [String] {
    let spans = line.split(separator: "`", omittingEmptySubsequences: false)
    let prose = spans.enumerated().map { $0.offset.isMultiple(of: 2) ? String($0.element) : "" }.joined()
    var found = prose.components(separatedBy: "](").dropFirst().compactMap { rest in
      rest.firstIndex(of: ")").map { String(rest[..<$0]) }
    }
    if prose.hasPrefix("["), let colon = prose.range(of: "]: ") { found.append(String(prose[colon.upperBound...])) }
    // A title may follow: [text](path "title").
    return found.compactMap { $0.split(separator: " ").first.map(String.init) }
  }

  /// The path from the top of the tree, or nil when it leaves the tree.
  private static func resolve(_ path: String, in folder: String) -> String? {
    var parts = path.hasPrefix("/") ? [] : folder.split(separator: "/").map(String.init)
    for part in path.split(separator: "/") where part != "." {
      if part != ".." {
        parts.append(String(part))
      } else if parts.popLast() == nil {
        return nil
      }
    }
    return parts.joined(separator: "/")
  }

  /// Decision pages are numbered from 0001 without a gap, and each says in one form what it is and when it was taken.
  static func decisionOffences(_ pages: [SourceFile]) -> [Offence] {
    var offences: [Offence] = []
    for (index, page) in pages.sorted(by: { $0.name < $1.name }).enumerated() {
      let number = String("000\(index + 1)".suffix(4))
      if !page.name.hasPrefix(number + "-") {
        offences.append(Offence(path: page.path, line: 1, remedy: "the next decision page is \(number)-….md: renumber"))
      }
      if page.lines.first?.hasPrefix("# \(page.name.prefix(4)): ") != true {
        offences.append(Offence(path: page.path, line: 1, remedy: "the title is “# \(number): What was decided”"))
      }
      if !page.lines.prefix(5).contains(where: { $0.prefixMatch(of: /20\d\d-[01]\d-[0-3]\d,/) != nil }) {
        offences.append(Offence(path: page.path, line: 1, remedy: "write “YYYY-MM-DD, in force.” under the title"))
      }
    }
    return offences
  }

  /// Variables that the sources read by name and the table does not have.
  static func undocumentedVariables(in file: SourceFile, table: SourceFile) -> [Offence] {
    let readers = ["getenv(", "environment[", "environment("]
    return readers.flatMap { file.lines(containing: $0) }.sorted().flatMap { line -> [Offence] in
      let text = file.lines[line - 1]
      return readers.flatMap { reader in
        text.components(separatedBy: reader + "\"").dropFirst().map { String($0.prefix { $0 != "\"" }) }
      }.filter { name in !table.lines.contains { $0.contains("`\(name)`") } }.map {
        Offence(path: file.path, line: line, remedy: "\($0) is not in \(table.path): add a row")
      }
    }
  }

  /// Metrics that the sources make and the table does not have.
  static func undocumentedMetrics(in file: SourceFile, table: SourceFile) -> [Offence] {
    let makers = ["counter(", "counters(", "gauge(", "gauges(", "histogram(", "histograms(", "header("]
    return makers.flatMap { file.lines(containing: $0) }.sorted().compactMap { line in
      // The name may stand on the line after the call.
      let text = file.lines[(line - 1)...].prefix(2).joined()
      guard let name = text.firstMatch(of: /[a-z]\(\s*"([a-z_]+)"/)?.output.1,
        !table.lines.contains(where: { $0.contains("`\(name)`") })
      else { return nil }
      return Offence(path: file.path, line: line, remedy: "\(name) is not in \(table.path): add a row")
    }
  }
}
