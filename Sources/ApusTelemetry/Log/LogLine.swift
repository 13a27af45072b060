/// The bytes of one line, made so that no value can end the line or start another.
struct LogLine {
  /// A longer string is cut, with a note of how much is missing: one call must not fill a disk.
  static let stringBytesMax = 8_192

  private(set) var bytes: [UInt8] = []

  init() { bytes.reserveCapacity(256) }

  mutating func write(time: Timestamp, level: LogLevel, message: String, fields: LogFields, format: LogFormat) {
    switch format {
    case .json: json(time, level, message, fields)
    case .text(let isColoured): text(time, level, message, fields, isColoured)
    }
    bytes.append(UInt8(ascii: "\n"))
  }

  // MARK: JSON

  private mutating func json(_ time: Timestamp, _ level: LogLevel, _ message: String, _ fields: LogFields) {
    append("{\"time\":\"")
    time.append(to: &bytes)
    append("\",\"level\":\"")
    append(level.name)
    append("\",\"message\":")
    quoted(message)
    for entry in fields.entries {
      append(",")
      // RFC 8259 §4: names should be unique, and these three are taken.
      let isTaken = ["time", "level", "message"].contains(entry.name)
      quoted(isTaken ? "field." + entry.name : entry.name)
      append(":")
      switch entry.value {
      case .string(let string): quoted(string)
      case .integer(let integer): append(String(integer))
      // RFC 8259 §6 has no infinity and no NaN.
      case .double(let double): double.isFinite ? append(double.description) : quoted(double.description)
      case .bool(let bool): append(bool ? "true" : "false")
      case .hidden: append("\"***\"")
      }
    }
    append("}")
  }

  // MARK: Text

  private mutating func text(
    _ time: Timestamp, _ level: LogLevel, _ message: String, _ fields: LogFields, _ isColoured: Bool
  ) {
    if isColoured { append("\u{1b}[2m") }
    time.append(to: &bytes, fractionDigits: 3)
    if isColoured { append("\u{1b}[0m") }
    append(" ")
    if isColoured { append(LogLine.colour(level)) }
    append(level.name.uppercased())
    for _ in level.name.utf8.count..<7 { append(" ") }
    if isColoured { append("\u{1b}[0m") }
    append(" ")
    escaped(message, quote: false)
    for entry in fields.entries {
      append(" ")
      if isColoured { append("\u{1b}[36m") }
      word(entry.name)
      append("=")
      if isColoured { append("\u{1b}[0m") }
      switch entry.value {
      case .string(let string): word(string)
      case .integer(let integer): append(String(integer))
      case .double(let double): append(double.description)
      case .bool(let bool): append(bool ? "true" : "false")
      case .hidden: append("***")
      }
    }
  }

  /// ECMA-48 §8.3.117 (SGR): grey, cyan, green, yellow, red.
  private static func colour(_ level: LogLevel) -> String {
    switch level {
    case .trace: "\u{1b}[90m"
    case .debug: "\u{1b}[36m"
    case .info: "\u{1b}[32m"
    case .warning: "\u{1b}[33m"
    case .error: "\u{1b}[31m"
    }
  }

  /// Without quotation marks where it can't be mistaken for something else.
  private mutating func word(_ string: String) {
    let isPlain = string.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: " "), UInt8(ascii: "\""), UInt8(ascii: "="), UInt8(ascii: "\\"), ...0x1f, 0x7f...: false
      default: true
      }
    }
    if isPlain, !string.isEmpty, string.utf8.count <= LogLine.stringBytesMax {
      append(string)
    } else {
      quoted(string)
    }
  }

  // MARK: Strings

  private mutating func append(_ string: String) { bytes.append(contentsOf: string.utf8) }

  private mutating func quoted(_ string: String) {
    append("\"")
    escaped(string, quote: true)
    append("\"")
  }

  /// As RFC 8259 §7 escapes, and also what a terminal or a viewer would obey.
  private mutating func escaped(_ string: String, quote: Bool) {
    let limit = bytes.count + LogLine.stringBytesMax
    var kept = 0
    for scalar in string.unicodeScalars {
      if bytes.count >= limit {
        append("…(\(string.utf8.count - kept) bytes more)")
        return
      }
      kept += UTF8.width(scalar)
      switch scalar {
      case "\"" where quote: append("\\\"")
      case "\\": append("\\\\")
      case "\n": append("\\n")
      case "\r": append("\\r")
      case "\t": append("\\t")
      case _ where LogLine.isControl(scalar):
        let digits = String(scalar.value, radix: 16)
        append("\\u" + String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits)
      default: append(String(scalar))
      }
    }
  }

  /// C0, DEL and C1 drive terminals; line separators and directional overrides make a viewer show another line.
  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case ...0x1f, 0x7f...0x9f: true
    case 0x200e, 0x200f, 0x2028...0x202e, 0x2066...0x2069: true
    default: false
    }
  }
}
