package import ApusTelemetry

extension Timestamp {
  /// Reads RFC 3339 §5.6 as Go does: `T` and `Z` in capitals, any fraction (nine digits count), no leap second.
  package init?(rfc3339 text: String) {
    var rest = Array(text.utf8)[...]

    func number(_ digits: Int, _ range: ClosedRange<Int>) -> Int? {
      guard rest.count >= digits else { return nil }
      var value = 0
      for byte in rest.prefix(digits) {
        guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
        value = value * 10 + Int(byte - UInt8(ascii: "0"))
      }
      rest = rest.dropFirst(digits)
      return range.contains(value) ? value : nil
    }
    func take(_ scalar: Unicode.Scalar) -> Bool {
      guard rest.first == UInt8(ascii: scalar) else { return false }
      rest = rest.dropFirst()
      return true
    }

    guard let year = number(4, 0...9999), take("-"), let month = number(2, 1...12), take("-"),
      let day = number(2, 1...Timestamp.days(ofMonth: month, year)), take("T"),
      let hour = number(2, 0...23), take(":"), let minute = number(2, 0...59), take(":"),
      let second = number(2, 0...59)
    else { return nil }
    var nanoseconds = 0
    if take(".") || take(",") {
      let digits = rest.prefix { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
      guard !digits.isEmpty else { return nil }
      rest = rest[digits.endIndex...]
      for place in 0..<9 {
        let at = digits.startIndex + place
        nanoseconds = nanoseconds * 10 + (at < digits.endIndex ? Int(digits[at] - UInt8(ascii: "0")) : 0)
      }
    }
    var offset = 0
    if !take("Z") {
      let isWest = take("-")
      guard isWest || take("+"), let hours = number(2, 0...23), take(":"), let minutes = number(2, 0...59) else {
        return nil
      }
      offset = (hours * 3600 + minutes * 60) * (isWest ? -1 : 1)
    }
    guard rest.isEmpty else { return nil }
    let time = hour * 3600 + minute * 60 + second - offset
    self.init(
      seconds: Int64(Timestamp.daysSince1970(year, month, day) * 86_400 + time), nanoseconds: Int32(nanoseconds))
  }

  /// Appends the form that Go calls RFC3339Nano: a fraction without zeros at its end, or none.
  func appendTrimmed(to bytes: inout [UInt8]) {
    append(to: &bytes)
    bytes.removeLast()
    while bytes.last == UInt8(ascii: "0") { bytes.removeLast() }
    if bytes.last == UInt8(ascii: ".") { bytes.removeLast() }
    bytes.append(UInt8(ascii: "Z"))
  }

  private static func isLeap(_ year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

  private static func days(ofMonth month: Int, _ year: Int) -> Int {
    switch month {
    case 2: isLeap(year) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  private static func daysSince1970(_ year: Int, _ month: Int, _ day: Int) -> Int {
    // Days of whole years before `year` since 0000-01-01, which was itself a leap year.
    let leaps = year == 0 ? 0 : (year - 1) / 4 - (year - 1) / 100 + (year - 1) / 400 + 1
    let months = (1..<month).reduce(0) { $0 + days(ofMonth: $1, year) }
    // 719,528 days lie between 0000-01-01 and 1970-01-01.
    return year * 365 + leaps + months + day - 1 - 719_528
  }
}
