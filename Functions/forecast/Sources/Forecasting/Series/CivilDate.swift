/// A day of the Gregorian calendar, extended to all times.
package struct CivilDate: Sendable, Equatable {
  package let year: Int
  package let month: Int
  package let day: Int

  /// Nil if there is no such day.
  package init?(year: Int, month: Int, day: Int) {
    guard (1...9_999).contains(year), (1...12).contains(month), (1...31).contains(day) else { return nil }
    (self.year, self.month, self.day) = (year, month, day)
    guard day <= Self.length(year, month) else { return nil }
  }

  /// The local day of an instant.
  package init(_ instant: Instant) {
    self.init(number: floorDivide(instant.seconds + instant.offset, 86_400))
  }

  /// The day so many days after 1970-01-01 (Neri and Schneider 2023 have the arithmetic of eras of 400 years).
  package init(number: Int) {
    let shifted = number + 719_468
    let era = floorDivide(shifted, 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let index = (5 * dayOfYear + 2) / 153
    day = dayOfYear - (153 * index + 2) / 5 + 1
    month = index < 10 ? index + 3 : index - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  }

  /// Days since 1970-01-01.
  package var number: Int {
    let shifted = month <= 2 ? year - 1 : year
    let era = floorDivide(shifted, 400)
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  /// Monday is 0.
  package var weekday: Int {
    let shifted = number + 3
    return shifted - floorDivide(shifted, 7) * 7
  }

  /// Months since the year 0.
  var monthNumber: Int { year * 12 + month - 1 }

  /// The same day so many months on, or that month's last day.
  func adding(months: Int) -> CivilDate {
    let total = monthNumber + months
    let (year, month) = (floorDivide(total, 12), total - floorDivide(total, 12) * 12 + 1)
    return CivilDate(unchecked: year, month, min(day, Self.length(year, month)))
  }

  var lastOfMonth: CivilDate { CivilDate(unchecked: year, month, Self.length(year, month)) }

  var isLastOfMonth: Bool { day == Self.length(year, month) }

  private init(unchecked year: Int, _ month: Int, _ day: Int) {
    (self.year, self.month, self.day) = (year, month, day)
  }

  private static func length(_ year: Int, _ month: Int) -> Int {
    if month == 2 { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28 }
    return [4, 6, 9, 11].contains(month) ? 30 : 31
  }

  package var text: String {
    func padded(_ value: Int, _ width: Int) -> String {
      let digits = String(value)
      return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
  }
}

func floorDivide(_ value: Int, _ divisor: Int) -> Int {
  let quotient = value / divisor
  return value % divisor < 0 ? quotient - 1 : quotient
}
