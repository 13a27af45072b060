/// Leads from places in a text after substitution back to the text as it was written.
struct SourceMap {
  /// A run of bytes that were copied, or the value of one expression.
  private struct Piece {
    let start: Int
    let sourceStart: Int
    let isCopied: Bool
  }

  private let source: [UInt8]
  private var output: [UInt8]?
  private var pieces: [Piece] = []
  private var sourceLines: [Int]
  private var outputLines: [Int] = []

  /// The map of a text in which nothing is replaced.
  init(_ source: [UInt8]) {
    self.source = source
    sourceLines = Self.lineStarts(source)
  }

  /// Notes where the bytes that follow in the output come from.
  mutating func add(at start: Int, from sourceStart: Int, isCopied: Bool) {
    pieces.append(Piece(start: start, sourceStart: sourceStart, isCopied: isCopied))
  }

  mutating func finish(_ output: [UInt8]) {
    self.output = output
    outputLines = Self.lineStarts(output)
  }

  /// Where what stands at this line and column of the output was written; an expression's value is where it begins.
  func source(line: Int, column: Int) -> (line: Int, column: Int) {
    guard let output else { return (line, column) }
    guard outputLines.indices.contains(line - 1) else { return place(ofByte: source.count) }
    var offset = outputLines[line - 1]
    var left = column - 1
    while left > 0, offset < output.count {
      offset += 1
      // Bytes of the form 10xxxxxx continue a character (RFC 3629 §3).
      while offset < output.count, output[offset] & 0xC0 == 0x80 { offset += 1 }
      left -= 1
    }
    guard let piece = lastPiece(startingBy: offset) else { return place(ofByte: offset) }
    return place(ofByte: piece.sourceStart + (piece.isCopied ? offset - piece.start : 0))
  }

  /// The place of a byte of the source.
  func place(ofByte offset: Int) -> (line: Int, column: Int) {
    let offset = min(offset, source.count)
    let line = Self.lastIndex(in: sourceLines) { $0 <= offset } ?? 0
    let column = source[sourceLines[line]..<offset].reduce(1) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) }
    return (line + 1, column)
  }

  private func lastPiece(startingBy offset: Int) -> Piece? {
    Self.lastIndex(in: pieces) { $0.start <= offset }.map { pieces[$0] }
  }

  /// The last of the elements, in ascending order, for which the condition holds.
  private static func lastIndex<Element>(in list: [Element], where holds: (Element) -> Bool) -> Int? {
    var low = 0
    var high = list.count
    while low < high {
      let middle = (low + high) / 2
      if holds(list[middle]) { low = middle + 1 } else { high = middle }
    }
    return low == 0 ? nil : low - 1
  }

  /// Offsets at which lines begin; libyaml also breaks them at U+0085, U+2028 and U+2029 (YAML 1.1 §4.1.3).
  private static func lineStarts(_ text: [UInt8]) -> [Int] {
    var starts = [0]
    for (index, byte) in text.enumerated() {
      let next = index + 1 < text.count ? text[index + 1] : nil
      switch byte {
      case 0x0A: starts.append(index + 1)
      case 0x0D where next != 0x0A: starts.append(index + 1)
      case 0xC2 where next == 0x85: starts.append(index + 2)
      case 0xE2 where next == 0x80 && index + 2 < text.count && (text[index + 2] == 0xA8 || text[index + 2] == 0xA9):
        starts.append(index + 3)
      default: break
      }
    }
    return starts
  }
}
