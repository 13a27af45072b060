/// A day of the Gregorian calendar.
///
/// Years are counted from March, so that the leap day is the last of its year and the lengths of the months before it
/// follow one formula.
struct CivilDate: Equatable {
  var year: Int
  var month: Int
  var day: Int

  /// Days of the 400 years after which the calendar repeats itself.
  private static let cycle = 146_097
  /// Days from 1 March of the year 0 to 1 January 1970.
  private static let epoch = 719_468

  init(year: Int, month: Int, day: Int) {
    self.year = year
    self.month = month
    self.day = day
  }

  /// For days from 1970 on.
  init(daysSince1970 days: Int64) {
    let sinceMarch0 = Int(days) + CivilDate.epoch
    let dayOfCycle = sinceMarch0 % CivilDate.cycle
    // Takes out the leap days of 4, 100 and 400 years, so that 365 divides evenly.
    let yearOfCycle = (dayOfCycle - dayOfCycle / 1_460 + dayOfCycle / 36_524 - dayOfCycle / 146_096) / 365
    let dayOfYear = dayOfCycle - (365 * yearOfCycle + yearOfCycle / 4 - yearOfCycle / 100)
    // Months from March alternate between 31 and 30 days in groups of five that have 153.
    let fromMarch = (5 * dayOfYear + 2) / 153
    day = dayOfYear - (153 * fromMarch + 2) / 5 + 1
    month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9
    year = sinceMarch0 / CivilDate.cycle * 400 + yearOfCycle + (month <= 2 ? 1 : 0)
  }

  /// For years from 1 on.
  var daysSince1970: Int64 {
    let marchYear = month <= 2 ? year - 1 : year
    let fromMarch = month > 2 ? month - 3 : month + 9
    let dayOfYear = (153 * fromMarch + 2) / 5 + day - 1
    let leapDays = marchYear / 4 - marchYear / 100 + marchYear / 400
    return Int64(365 * marchYear + leapDays + dayOfYear - CivilDate.epoch)
  }

  var exists: Bool {
    guard 1...12 ~= month, day >= 1, year >= 1 else { return false }
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let length =
      switch month {
      case 2: isLeap ? 29 : 28
      case 4, 6, 9, 11: 30
      default: 31
      }
    return day <= length
  }
}
