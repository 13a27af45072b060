import Glibc

/// Dates of Unix seconds in UTC, by the C library's calendar.
package enum UTC {
  /// The same day and time of day `months` later; the last day of that month if it has no such day.
  package static func adding(months: Int, to seconds: Int64) -> Int64 {
    var date = fields(seconds)
    let day = date.tm_mday
    let total = Int(date.tm_mon) + months
    // Of January to December; whole years go to the year.
    date.tm_year += Int32(total / 12)
    date.tm_mon = Int32(total % 12)
    date.tm_mday = 1
    // The last day: the day before the first of the next month.
    var next = date
    next.tm_mon += 1
    let length = (Int64(timegm(&next)) - Int64(timegm(&date))) / 86_400
    date.tm_mday = min(day, Int32(length))
    return Int64(timegm(&date))
  }

  /// RFC 3339, to the second: `2027-05-21T09:30:00Z`.
  package static func text(_ seconds: Int64) -> String {
    let date = fields(seconds)
    let parts = [date.tm_mon + 1, date.tm_mday, date.tm_hour, date.tm_min, date.tm_sec].map { number in
      number < 10 ? "0\(number)" : "\(number)"
    }
    let year = String(date.tm_year + 1_900)
    let padding = String(repeating: "0", count: max(0, 4 - year.utf8.count))
    return "\(padding)\(year)-\(parts[0])-\(parts[1])T\(parts[2]):\(parts[3]):\(parts[4])Z"
  }

  private static func fields(_ seconds: Int64) -> tm {
    // Years 1 to 9999, which every date of ours is between.
    var time = time_t(min(max(seconds, -62_135_596_800), 253_402_300_799))
    var date = tm()
    gmtime_r(&time, &date)
    return date
  }
}
