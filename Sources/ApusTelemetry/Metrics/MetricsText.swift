/// A metrics page in Prometheus' text exposition format 0.0.4.
package struct MetricsText: Sendable {
  package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

  package private(set) var bytes: [UInt8] = []

  package init() {}

  /// The two lines that stand before the samples of a metric.
  package mutating func header(_ name: String, help: String, kind: MetricKind) {
    append("# HELP \(name) ")
    MetricsText.escape(help, quotes: false, into: &bytes)
    append("\n# TYPE \(name) \(kind.rawValue)\n")
  }

  package mutating func sample(_ name: String, labels: [UInt8] = [], value: UInt64) {
    sample(name, labels: labels, text: String(value))
  }

  package mutating func sample(_ name: String, labels: [UInt8] = [], value: Double) {
    sample(name, labels: labels, text: MetricsText.number(value))
  }

  private mutating func sample(_ name: String, labels: [UInt8], text: String) {
    append(name)
    if !labels.isEmpty {
      append("{")
      bytes.append(contentsOf: labels)
      append("}")
    }
    append(" \(text)\n")
  }

  private mutating func append(_ string: String) { bytes.append(contentsOf: string.utf8) }

  /// As Go's strconv would print it where a dashboard compares text (`le="10"`): no fraction where there is none.
  static func number(_ value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
    if let integer = Int64(exactly: value), integer.magnitude < 1 << 53 { return String(integer) }
    return value.description
  }

  /// `a="x",b="y"`, as it stands between the braces.
  package static func labels(_ names: [String], _ values: [String]) -> [UInt8] {
    var bytes: [UInt8] = []
    for (name, value) in zip(names, values) {
      if !bytes.isEmpty { bytes.append(UInt8(ascii: ",")) }
      bytes.append(contentsOf: name.utf8)
      bytes.append(contentsOf: "=\"".utf8)
      escape(value, quotes: true, into: &bytes)
      bytes.append(UInt8(ascii: "\""))
    }
    return bytes
  }

  /// Help texts escape backslash and line feed; label values the quotation mark too.
  private static func escape(_ string: String, quotes: Bool, into bytes: inout [UInt8]) {
    for byte in string.utf8 {
      switch byte {
      case UInt8(ascii: "\\"): bytes.append(contentsOf: "\\\\".utf8)
      case UInt8(ascii: "\n"): bytes.append(contentsOf: "\\n".utf8)
      case UInt8(ascii: "\"") where quotes: bytes.append(contentsOf: "\\\"".utf8)
      default: bytes.append(byte)
      }
    }
  }
}
