internal import CYAML

/// A place in the text; both numbers count from 1.
struct YAMLPlace: Sendable {
  let line: Int
  let column: Int

  init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }

  /// libyaml counts from 0.
  init(_ mark: yaml_mark_t) {
    line = Int(clamping: mark.line) &+ 1
    column = Int(clamping: mark.column) &+ 1
  }

  /// The place of a byte, for the problems that libyaml finds before it counts lines.
  init(offset: Int, in input: UnsafeBufferPointer<UInt8>) {
    var line = 1
    var column = 1
    for byte in input.prefix(max(0, offset)) {
      if byte == UInt8(ascii: "\n") {
        line += 1
        column = 1
      } else if byte & 0b1100_0000 != 0b1000_0000 {
        // Bytes of the form 10xxxxxx continue a character (RFC 3629 §3).
        column += 1
      }
    }
    self.line = line
    self.column = column
  }
}
