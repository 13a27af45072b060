/// Reads YAML texts into trees.
package enum YAMLParser {
  /// Reads all documents of `text`; an empty text has none.
  package static func parse(_ text: String, limits: YAMLLimits = YAMLLimits()) throws(YAMLError) -> [YAMLNode] {
    try parse(bytes: Array(text.utf8), limits: limits)
  }

  /// Reads all documents of a file's bytes, which must be UTF-8; a byte order mark is skipped.
  package static func parse(bytes: [UInt8], limits: YAMLLimits = YAMLLimits()) throws(YAMLError) -> [YAMLNode] {
    guard bytes.count <= limits.inputBytes else {
      throw YAMLError(
        .inputTooLarge, YAMLPlace(line: 1, column: 1),
        "the text has \(bytes.count) bytes, \(limits.inputBytes) are allowed", advice: "split the file")
    }
    let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    guard start < bytes.count else { return [] }
    return try bytes.withUnsafeBufferPointer { (whole) throws(YAMLError) -> [YAMLNode] in
      // Safe because the reader lives only inside this closure, in which the bytes do not move.
      var reader = try YAMLEventReader(UnsafeBufferPointer(rebasing: whole[start...]))
      var composer = YAMLComposer(limits: limits)
      while true {
        let event = try reader.next()
        if case .streamEnd = event.kind { return composer.documents }
        try composer.take(event)
      }
    }
  }
}
