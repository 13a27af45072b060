/// The last lines of one replica's standard error, in memory, to say why it died.
package struct CrashTail: Sendable {
  private let lineLimit: Int
  private let byteLimit: Int
  private var kept: [[UInt8]] = []
  private var bytes = 0

  package init(limits: LogLimits = LogLimits()) {
    lineLimit = max(limits.crashLines, 1)
    byteLimit = max(limits.crashBytes, 1)
  }

  package mutating func keep(_ line: UnsafeRawBufferPointer) {
    let line = Array(line.prefix(byteLimit))
    kept.append(line)
    bytes += line.count
    while kept.count > lineLimit || bytes > byteLimit { bytes -= kept.removeFirst().count }
  }

  /// Oldest first, repaired to UTF-8; what would drive a terminal is shown as text.
  package var lines: [String] { kept.map(CrashTail.shown) }

  private static func shown(_ line: [UInt8]) -> String {
    var text = ""
    for scalar in String(decoding: line, as: UTF8.self).unicodeScalars {
      switch scalar.value {
      case 0x09: text.unicodeScalars.append(scalar)
      // C0, DEL and C1; then what hides text or turns its direction (Unicode annex 9).
      case ...0x1f, 0x7f...0x9f, 0x200e, 0x200f, 0x2028...0x202e, 0x2066...0x2069:
        text += "\\u{\(String(scalar.value, radix: 16))}"
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text
  }
}
