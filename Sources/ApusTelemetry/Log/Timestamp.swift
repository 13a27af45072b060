import Glibc

/// An instant of the calendar, UTC.
package struct Timestamp: Sendable, Equatable {
  /// Since 1970-01-01T00:00:00Z, leap seconds not counted.
  package var seconds: Int64
  /// 0 ..< 1,000,000,000.
  package var nanoseconds: Int32

  package init(seconds: Int64, nanoseconds: Int32 = 0) {
    self.seconds = seconds
    self.nanoseconds = nanoseconds
  }

  package static func now() -> Timestamp {
    var time = timespec()
    // CLOCK_REALTIME can not fail with a valid pointer (clock_gettime(2), ERRORS).
    clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(seconds: Int64(time.tv_sec), nanoseconds: Int32(time.tv_nsec))
  }

  /// Appends RFC 3339 §5.6 with `digits` (0...9) of a second's fraction: `2026-11-21T10:00:00.123456789Z`.
  package func append(to bytes: inout [UInt8], fractionDigits digits: Int = 9) {
    let days = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
    let second = Int(seconds - days * 86_400)
    let (year, month, day) = Timestamp.civil(fromDays: days)
    bytes.appendPadded(year, width: 4)
    bytes.append(UInt8(ascii: "-"))
    bytes.appendPadded(month, width: 2)
    bytes.append(UInt8(ascii: "-"))
    bytes.appendPadded(day, width: 2)
    bytes.append(UInt8(ascii: "T"))
    bytes.appendPadded(second / 3600, width: 2)
    bytes.append(UInt8(ascii: ":"))
    bytes.appendPadded(second / 60 % 60, width: 2)
    bytes.append(UInt8(ascii: ":"))
    bytes.appendPadded(second % 60, width: 2)
    if digits > 0 {
      bytes.append(UInt8(ascii: "."))
      var fraction = Int(nanoseconds)
      for _ in digits..<9 { fraction /= 10 }
      bytes.appendPadded(fraction, width: min(digits, 9))
    }
    bytes.append(UInt8(ascii: "Z"))
  }

  /// Year, month and day of a day number in the Gregorian calendar, without a table of months.
  ///
  /// A year is taken to begin in March, so that the leap day is its last and all 400-year eras are alike.
  private static func civil(fromDays days: Int64) -> (year: Int, month: Int, day: Int) {
    let daysPerEra = 146_097
    let fromMarch0000 = Int(days) + 719_468
    let era = (fromMarch0000 >= 0 ? fromMarch0000 : fromMarch0000 - (daysPerEra - 1)) / daysPerEra
    let dayOfEra = fromMarch0000 - era * daysPerEra
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    // Months from March are 31 30 31 30 31 | 31 30 31 30 31 | 31 …: 153 days every five.
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
  }
}

extension [UInt8] {
  /// Decimal digits with leading zeros.
  fileprivate mutating func appendPadded(_ value: Int, width: Int) {
    var divisor = 1
    for _ in 1..<Swift.max(width, 1) { divisor *= 10 }
    while divisor > 0 {
      append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: Swift.max(value, 0) / divisor % 10))
      divisor /= 10
    }
  }
}
