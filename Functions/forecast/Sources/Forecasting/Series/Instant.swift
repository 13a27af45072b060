/// A point in time as it was written: with the time of day or without, and with its distance from UTC.
package struct Instant: Sendable, Comparable {
  /// Since 1970-01-01T00:00:00Z.
  package let seconds: Int
  /// Seconds by which the clock on the wall is ahead of UTC.
  package let offset: Int
  package let hasTime: Bool

  package init(seconds: Int, offset: Int = 0, hasTime: Bool = true) {
    self.seconds = seconds
    self.offset = offset
    self.hasTime = hasTime
  }

  package static func < (left: Instant, right: Instant) -> Bool { left.seconds < right.seconds }

  /// What a clock on the wall says, as seconds.
  package var local: Int { seconds + offset }

  /// Unix time in seconds, or in milliseconds from 100 milliards on.
  package init?(number: Double) {
    let seconds = abs(number) >= 1e11 ? number / 1_000 : number
    guard abs(seconds) < 2.5e11 else { return nil }
    self.init(seconds: Int(seconds.rounded(.down)))
  }

  /// `2024-03-04`, `2024-03-04T10:00`, `2024-03-04 10:00:00.5+01:00` (RFC 3339 and its kin).
  package init?(_ text: String) {
    var bytes = Array(text.utf8)[...]
    func number(_ width: Int) -> Int? {
      guard bytes.count >= width else { return nil }
      var value = 0
      for byte in bytes.prefix(width) {
        guard (48...57).contains(byte) else { return nil }
        value = value * 10 + Int(byte - 48)
      }
      bytes = bytes.dropFirst(width)
      return value
    }
    func take(_ characters: String) -> Bool {
      guard let first = bytes.first, characters.utf8.contains(first) else { return false }
      bytes = bytes.dropFirst()
      return true
    }
    guard let year = number(4), take("-"), let month = number(2), take("-"), let day = number(2),
      let date = CivilDate(year: year, month: month, day: day)
    else { return nil }
    var seconds = date.number * 86_400
    if bytes.isEmpty {
      self.init(seconds: seconds, hasTime: false)
      return
    }
    guard take("T t"), let hour = number(2), take(":"), let minute = number(2), hour < 24, minute < 60 else {
      return nil
    }
    seconds += hour * 3_600 + minute * 60
    if take(":") {
      guard let second = number(2), second <= 60 else { return nil }
      seconds += second
      if take(".,") {
        guard take("0123456789") else { return nil }
        while take("0123456789") {}
      }
    }
    var offset = 0
    if !bytes.isEmpty, !take("Zz") {
      let isBehind = bytes.first == UInt8(ascii: "-")
      guard take("+-"), let hours = number(2) else { return nil }
      _ = take(":")
      guard let minutes = bytes.isEmpty ? 0 : number(2), hours < 24, minutes < 60 else { return nil }
      offset = (hours * 3_600 + minutes * 60) * (isBehind ? -1 : 1)
    }
    guard bytes.isEmpty else { return nil }
    self.init(seconds: seconds - offset, offset: offset)
  }

  package var text: String {
    let date = CivilDate(self).text
    guard hasTime else { return date }
    let time = local - floorDivide(local, 86_400) * 86_400
    func two(_ value: Int) -> String { (value < 10 ? "0" : "") + String(value) }
    let clock = "\(two(time / 3_600)):\(two(time / 60 % 60)):\(two(time % 60))"
    let away = abs(offset)
    let zone = offset == 0 ? "Z" : "\(offset < 0 ? "-" : "+")\(two(away / 3_600)):\(two(away / 60 % 60))"
    return "\(date)T\(clock)\(zone)"
  }
}
