/// The place of a call in a distributed trace (W3C Trace Context, `traceparent` and `tracestate`).
public struct TraceContext: Sendable, Equatable {
  /// 32 lower-case hexadecimal digits.
  public let traceID: String
  /// The caller's span: 16 lower-case hexadecimal digits.
  public let parentID: String
  /// The caller records this trace.
  public let isSampled: Bool
  /// What vendors add, as sent.
  public let state: String?

  /// Reads the two header values; nil if there is none, or one that must be ignored (section 3.2.2).
  public init?(traceparent: String?, tracestate: String? = nil) {
    guard let parts = traceparent?.split(separator: "-", omittingEmptySubsequences: false), parts.count >= 4 else {
      return nil
    }
    let isKnownVersion = parts[0] == "00"
    guard TraceContext.isHex(parts[0], 2), parts[0] != "ff", TraceContext.isHex(parts[1], 32),
      TraceContext.isHex(parts[2], 16), TraceContext.isHex(parts[3], 2), !isKnownVersion || parts.count == 4,
      parts[1].contains(where: { $0 != "0" }), parts[2].contains(where: { $0 != "0" })
    else { return nil }
    traceID = String(parts[1])
    parentID = String(parts[2])
    isSampled = (UInt8(parts[3], radix: 16) ?? 0) & 1 == 1
    state = tracestate
  }

  /// As a request carries it; nil if it has several `traceparent`, as nobody can say which one holds.
  init?(_ headers: Headers) {
    let parents = headers.values("traceparent")
    guard parents.count == 1 else { return nil }
    // Section 3.3.1.1: several `tracestate` fields are one list.
    let states = headers.values("tracestate").filter { !$0.isEmpty }
    self.init(traceparent: parents[0], tracestate: states.isEmpty ? nil : states.joined(separator: ","))
  }

  private static func isHex(_ text: Substring, _ count: Int) -> Bool {
    text.utf8.count == count && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
  }
}
