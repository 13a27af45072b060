extension Report {
  /// The rows as aligned text, one line each.
  var table: String {
    var cells = [["", ""] + columns.map(\.title) + ratios.map(\.title)]
    for row in rows {
      let values = columns.map { column in row.median(column.metric).map { fixed($0, column.decimals) } ?? "-" }
      let quotients = ratios.map { ratio(_: $0, of: row).map { fixed($0, 2) } ?? "-" }
      cells.append([row.subject, row.group] + values + quotients)
    }
    let widths = (0..<cells[0].count).map { column in cells.map { $0[column].count }.max() ?? 0 }
    var lines = ["\(benchmark.rawValue): \(title)"]
    for cell in cells {
      let padded = zip(cell, widths).enumerated().map { index, pair in
        let space = String(repeating: " ", count: pair.1 - pair.0.count)
        return index < 2 ? pair.0 + space : space + pair.0
      }
      let line = "  " + padded.joined(separator: "  ")
      lines.append(String(line.reversed().drop { $0 == " " }.reversed()))
    }
    if rows.isEmpty { lines.append("  nothing could be measured") }
    return lines.joined(separator: "\n")
  }
}
