import Glibc

/// Turns the bytes of a pipe into lines, holding one line's beginning at most.
package struct LineSplitter: Sendable {
  /// A line, over bytes that are valid during the call only.
  package struct Line {
    /// Without its newline.
    package let text: UnsafeRawBufferPointer
    /// What was beyond the limit, in bytes.
    package let bytesMissing: Int

    /// The id of the call that the line is about, if it says so in a way that we know.
    package var callID: UnsafeRawBufferPointer? { CallIDMark.find(in: text) }

    package init(text: UnsafeRawBufferPointer, bytesMissing: Int = 0) {
      self.text = text
      self.bytesMissing = bytesMissing
    }
  }

  /// Memory kept for the next line's beginning; a longer one's is given back.
  private static let keptCapacity = 4096

  private let limit: Int
  private var held: [UInt8] = []
  private var missing = 0
  /// Something came since the last newline, even if it was not kept.
  private var isInside = false

  package init(limits: LogLimits = LogLimits()) {
    limit = limits.textBytes
  }

  /// Bytes in memory between two calls.
  package var heldBytes: Int { held.count }

  package mutating func take(_ bytes: UnsafeRawBufferPointer, _ body: (Line) -> Void) {
    var rest = bytes
    while let start = rest.baseAddress, !rest.isEmpty {
      guard let found = memchr(start, CInt(UInt8(ascii: "\n")), rest.count) else { return hold(rest) }
      let length = UnsafeRawPointer(found) - start
      let piece = UnsafeRawBufferPointer(start: start, count: length)
      if isInside {
        hold(piece)
        end(body)
      } else {
        body(LineSplitter.cut(piece, limit, missing: 0))
      }
      rest = UnsafeRawBufferPointer(rebasing: rest[(length + 1)...])
    }
  }

  /// The stream has ended: what came after its last newline is a line too.
  package mutating func finish(_ body: (Line) -> Void) {
    if isInside { end(body) }
  }

  private mutating func hold(_ piece: UnsafeRawBufferPointer) {
    isInside = true
    let kept = piece.prefix(limit - held.count)
    held.append(contentsOf: kept)
    missing += piece.count - kept.count
  }

  private mutating func end(_ body: (Line) -> Void) {
    held.withUnsafeBytes { body(LineSplitter.cut($0, limit, missing: missing)) }
    held.removeAll(keepingCapacity: held.capacity <= LineSplitter.keptCapacity)
    missing = 0
    isInside = false
  }

  private static func cut(_ text: UnsafeRawBufferPointer, _ limit: Int, missing: Int) -> Line {
    if missing == 0, text.count <= limit { return Line(text: text) }
    let kept = wholeCharacters(UnsafeRawBufferPointer(rebasing: text.prefix(limit)))
    return Line(text: kept, bytesMissing: missing + text.count - kept.count)
  }

  /// Without the beginning of a UTF-8 sequence at the end (RFC 3629 §3), which would read as damage.
  private static func wholeCharacters(_ text: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    for back in 1...3 where back <= text.count {
      let byte = text[text.count - back]
      if byte & 0xC0 == 0x80 { continue }
      let length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1
      return length > back ? UnsafeRawBufferPointer(rebasing: text.dropLast(back)) : text
    }
    return text
  }
}
