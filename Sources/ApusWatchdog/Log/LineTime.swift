import ApusIO
import ApusTelemetry

/// `2026/11/21 10:00:00 `, as of-watchdog's lines begin, in UTC; made once a second.
struct LineTime {
  private var second: Int64 = -1
  private var text: [UInt8] = []

  mutating func bytes(at now: WallClock = .now()) -> [UInt8] {
    guard now.seconds != second else { return text }
    second = now.seconds
    text.removeAll(keepingCapacity: true)
    // `2026-11-21T10:00:00Z`, in the years that clocks can be set to.
    Timestamp(seconds: now.seconds).append(to: &text, fractionDigits: 0)
    guard text.count == 20 else { return text }
    text[4] = UInt8(ascii: "/")
    text[7] = UInt8(ascii: "/")
    text[10] = UInt8(ascii: " ")
    text[19] = UInt8(ascii: " ")
    return text
  }
}
