import Testing

/// One text file of the tree, seen two ways: as written, and as the compiler sees it.
struct SourceFile: Sendable, CustomTestStringConvertible {
  /// Relative to the top of the tree.
  let path: String
  let lines: [String]
  /// The same lines with comments, strings and raw identifiers blanked, columns kept; as written, if not code.
  let code: [[UInt8]]

  init(path: String, text: String) {
    self.path = path
    lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let isCode = ["swift", "c", "h"].contains { path.hasSuffix("." + $0) }
    let bytes = isCode ? CodeMask.apply(to: Array(text.utf8)) : Array(text.utf8)
    code = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map(Array.init)
  }

  var testDescription: String { path }

  var name: String { path.split(separator: "/").last.map(String.init) ?? path }
  var isSwift: Bool { path.hasSuffix(".swift") }
  var isMarkdown: Bool { path.hasSuffix(".md") }

  func isUnder(_ folders: String...) -> Bool {
    folders.contains { path.hasPrefix($0) }
  }

  /// Lines (from 1) whose code contains `word`, neither of whose ends continues an identifier.
  func lines(containing word: String) -> [Int] {
    let needle = Array(word.utf8)
    return code.indices.filter { !code[$0].positions(of: needle).isEmpty }.map { $0 + 1 }
  }

  func offences(where word: String, _ remedy: String) -> [Offence] {
    lines(containing: word).map { Offence(path: path, line: $0, remedy: remedy) }
  }
}

extension [UInt8] {
  /// Where `needle` stands as a word: an end that is a letter or digit may not touch another one.
  func positions(of needle: [UInt8]) -> [Int] {
    guard let first = needle.first, let last = needle.last, count >= needle.count else { return [] }
    return (0...(count - needle.count)).filter { start in
      guard self[start] == first, self[start..<start + needle.count].elementsEqual(needle) else { return false }
      if first.continuesIdentifier, start > 0, self[start - 1].continuesIdentifier { return false }
      let end = start + needle.count
      return !(last.continuesIdentifier && end < count && self[end].continuesIdentifier)
    }
  }
}

extension UInt8 {
  var continuesIdentifier: Bool {
    switch self {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...: true
    default: false
    }
  }
}
