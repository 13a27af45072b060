/// Rows of words under a head, each column as wide as its widest word.
struct TextTable {
  private var rows: [[String]]

  init(_ head: [String]) {
    rows = [head]
  }

  mutating func add(_ row: [String]) {
    rows.append(row)
  }

  var lines: [String] {
    var widths: [Int] = []
    for row in rows {
      for (index, word) in row.enumerated() {
        if index == widths.count { widths.append(0) }
        widths[index] = max(widths[index], word.count)
      }
    }
    return rows.map { row in
      row.enumerated().reduce(into: "") { line, cell in
        let isLast = cell.offset == row.count - 1
        line += isLast ? cell.element : cell.element.padded(to: widths[cell.offset] + 3)
      }
    }
  }
}

extension String {
  fileprivate func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}
