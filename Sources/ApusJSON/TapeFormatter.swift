/// Writes a document again with its members sorted, or with lines; strings and numbers keep their spelling.
struct TapeFormatter: ~Copyable {
  private let tape: Tape
  private let format: JSONCodec.Format
  private var text = TextBuffer(capacity: 1024)

  init(_ tape: Tape, _ format: JSONCodec.Format) {
    self.tape = tape
    self.format = format
  }

  mutating func run() -> [UInt8] {
    value(Tape.root, level: 0)
    return Array(text.bytes)
  }

  /// Calls itself no deeper than the parser's limit.
  private mutating func value(_ index: Int, level: Int) {
    switch tape[index].kind {
    case .array: container(elements(index), ASCII.openArray, ASCII.closeArray, level, isObject: false)
    case .object: container(keys(index), ASCII.openObject, ASCII.closeObject, level, isObject: true)
    default: text.append(tape.scalarText(index))
    }
  }

  private mutating func container(
    _ children: [Int], _ opening: UInt8, _ closing: UInt8, _ level: Int, isObject: Bool
  ) {
    text.append(opening)
    for (position, child) in children.enumerated() {
      if position > 0 { text.append(ASCII.comma) }
      newLine(level + 1)
      if isObject {
        text.append(tape.scalarText(child))
        text.append(ASCII.colon)
        if format.pretty { text.append(ASCII.space) }
      }
      value(isObject ? child + 1 : child, level: level + 1)
    }
    if !children.isEmpty { newLine(level) }
    text.append(closing)
  }

  private mutating func newLine(_ level: Int) {
    guard format.pretty else { return }
    text.append(ASCII.newline)
    for _ in 0..<level { text.append("  ") }
  }

  private func elements(_ array: Int) -> [Int] {
    var elements: [Int] = []
    var index = array + 1
    while index < Int(tape[array].low) {
      elements.append(index)
      index = tape.next(index)
    }
    return elements
  }

  private func keys(_ object: Int) -> [Int] {
    var keys: [Int] = []
    var index = object + 1
    while index < Int(tape[object].low) {
      keys.append(index)
      index = tape.next(index + 1)
    }
    if format.sortedKeys { keys.sort { tape.token($0).order(tape.token($1)) < 0 } }
    return keys
  }
}
