extension QRCode {
  /// The code as a drawing of `pixels` by `pixels`, with a text for those who do not see it.
  package func svg(pixels: Int, label: String) -> String {
    let edge = width + 2 * QRCode.quietZone
    var path = ""
    for row in 0..<width {
      var column = 0
      while column < width {
        guard isDark(row, column) else {
          column += 1
          continue
        }
        // One bar for neighbours in a row: smaller, and without hairlines between them.
        let start = column
        while isDark(row, column) { column += 1 }
        path += "M\(start + QRCode.quietZone) \(row + QRCode.quietZone)h\(column - start)v1h-\(column - start)z"
      }
    }
    return "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(pixels)\" height=\"\(pixels)\""
      + " viewBox=\"0 0 \(edge) \(edge)\" shape-rendering=\"crispEdges\" role=\"img\""
      + " aria-label=\"\(QRCode.escaped(label))\"><path fill=\"#fff\" d=\"M0 0h\(edge)v\(edge)H0z\"/>"
      + "<path d=\"\(path)\"/></svg>"
  }

  private static func escaped(_ text: String) -> String {
    text.reduce(into: "") { result, character in
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      default: result.append(character)
      }
    }
  }
}
