import ApusModel
import Glibc

/// Where a log line names its call: in a JSON member, in a `name=value` field, or at of-watchdog's end of line.
///
/// A hint for readers, not evidence: a function may print what it likes.
enum CallIDMark {
  static func find(in line: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
    let text = dropWatchdogPrefix(line)
    if text.first == UInt8(ascii: "{") { return member(text) }
    return field(text) ?? watchdogSuffix(text)
  }

  /// `2026/11/21 10:00:00 stderr: ` stands before what of-watchdog passes on (`prefix_logs`).
  private static func dropWatchdogPrefix(_ line: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    let length = 28
    guard line.count > length, line[4] == UInt8(ascii: "/"), line[7] == UInt8(ascii: "/"),
      line[13] == UInt8(ascii: ":"), holds(line, at: 20, "std"), holds(line, at: 26, ": ")
    else { return line }
    return UnsafeRawBufferPointer(rebasing: line[length...])
  }

  /// `"call_id":"ID"`. A quotation mark inside a JSON string carries a backslash, so this is never part of one.
  private static func member(_ text: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
    var from = 0
    while let place = place(in: text, from: from) {
      from = place + 1
      guard holds(text, at: place - 1, "\"call_id\"") else { continue }
      var at = skipSpaces(text, place + 8)
      guard at < text.count, text[at] == UInt8(ascii: ":") else { continue }
      at = skipSpaces(text, at + 1)
      guard at < text.count, text[at] == UInt8(ascii: "\"") else { continue }
      return identifier(text, from: at + 1)
    }
    return nil
  }

  /// `call_id=ID`, as our readable lines have it, coloured or not.
  private static func field(_ text: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
    var from = 0
    while let place = place(in: text, from: from) {
      from = place + 1
      guard holds(text, at: place, "call_id=") else { continue }
      // `m` ends a colour (ECMA-48 §8.3.117).
      let before = place > 0 ? text[place - 1] : UInt8(ascii: " ")
      guard before == UInt8(ascii: " ") || before == UInt8(ascii: "m") else { continue }
      var at = place + 8
      if holds(text, at: at, "\u{1b}[0m") { at += 4 }
      if at < text.count, text[at] == UInt8(ascii: "\"") { at += 1 }
      return identifier(text, from: at)
    }
    return nil
  }

  /// `… (0.0005s) [ID]`, or `[none]`, which `log_callid` puts at the end of of-watchdog's line for a request.
  private static func watchdogSuffix(_ text: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
    guard text.last == UInt8(ascii: "]") else { return nil }
    let reach = UnsafeRawBufferPointer(rebasing: text.suffix(CallID.lengthLimit + 6).dropLast())
    guard let open = reach.lastIndex(of: UInt8(ascii: "[")), holds(reach, at: open - 3, "s) ") else { return nil }
    let id = UnsafeRawBufferPointer(rebasing: reach[(open + 1)...])
    return id.isEmpty || id.elementsEqual("none".utf8) || !id.allSatisfy(isVisible) ? nil : id
  }

  // MARK: - Bytes

  /// Where `call_id` begins next. Its underscore is the rarest of its letters, so memchr(3) looks for that.
  private static func place(in text: UnsafeRawBufferPointer, from start: Int) -> Int? {
    guard let base = text.baseAddress else { return nil }
    var from = start + 4
    while from < text.count, let found = memchr(base + from, CInt(UInt8(ascii: "_")), text.count - from) {
      let place = UnsafeRawPointer(found) - base - 4
      if holds(text, at: place, "call_id") { return place }
      from = place + 5
    }
    return nil
  }

  private static func identifier(_ text: UnsafeRawBufferPointer, from start: Int) -> UnsafeRawBufferPointer? {
    guard start < text.count else { return nil }
    let id = text[start...].prefix(while: isVisible)
    guard !id.isEmpty, id.count <= CallID.lengthLimit else { return nil }
    return UnsafeRawBufferPointer(rebasing: id)
  }

  /// What an id is made of; `CallID` is stricter about what it takes from clients.
  private static func isVisible(_ byte: UInt8) -> Bool {
    byte > 0x20 && byte < 0x7f && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
  }

  private static func skipSpaces(_ text: UnsafeRawBufferPointer, _ start: Int) -> Int {
    var at = start
    while at < text.count, text[at] == UInt8(ascii: " ") { at += 1 }
    return at
  }

  private static func holds(_ text: UnsafeRawBufferPointer, at place: Int, _ word: StaticString) -> Bool {
    guard place >= 0, text.count - place >= word.utf8CodeUnitCount, let base = text.baseAddress else { return false }
    return memcmp(base + place, word.utf8Start, word.utf8CodeUnitCount) == 0
  }
}
