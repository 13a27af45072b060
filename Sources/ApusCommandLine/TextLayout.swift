/// Sets text in columns; widths count characters.
enum TextLayout {
  struct Row {
    let left: String
    let right: String
  }

  static let width = 80
  private static let indentation = 2
  private static let gap = 2
  /// A longer left side pushes its right side to the next line instead of narrowing that of all others.
  private static let leftLimit = 28

  static func leftWidth(_ rows: [Row]) -> Int {
    rows.map(\.left.count).filter { $0 <= leftLimit }.max() ?? leftLimit
  }

  static func table(_ rows: [Row], leftWidth: Int) -> String {
    let margin = indentation + leftWidth + gap
    return rows.map { row in
      let head = spaces(indentation) + row.left
      if row.left.count > leftWidth {
        return head + "\n" + wrap(words: words(row.right), first: spaces(margin), hanging: margin)
      }
      return wrap(words: words(row.right), first: head + spaces(margin - head.count), hanging: margin)
    }
    .joined(separator: "\n")
  }

  /// Wraps each paragraph; lines that begin with a space are examples and stay as they are.
  static func paragraphs(_ text: String) -> String {
    var lines: [String] = []
    var paragraph: [String] = []
    func flush() {
      if !paragraph.isEmpty { lines.append(wrap(words: paragraph, first: "", hanging: 0)) }
      paragraph = []
    }
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.isEmpty || line.hasPrefix(" ") {
        flush()
        lines.append(String(line))
      } else {
        paragraph += words(String(line))
      }
    }
    flush()
    return lines.joined(separator: "\n")
  }

  static func wrap(_ text: String) -> String {
    wrap(words: words(text), first: "", hanging: 0)
  }

  /// Fills lines with words, none of which is broken; lines after the first begin with `hanging` spaces.
  static func wrap(words: [String], first: String, hanging: Int) -> String {
    var lines: [String] = []
    var line = first
    var isEmpty = true
    for word in words {
      if !isEmpty && line.count + 1 + word.count > width {
        lines.append(line)
        line = spaces(hanging)
        isEmpty = true
      }
      line += isEmpty ? word : " " + word
      isEmpty = false
    }
    lines.append(line)
    return lines.joined(separator: "\n")
  }

  private static func words(_ text: String) -> [String] {
    text.split(separator: " ").map(String.init)
  }

  private static func spaces(_ count: Int) -> String {
    String(repeating: " ", count: max(0, count))
  }
}
