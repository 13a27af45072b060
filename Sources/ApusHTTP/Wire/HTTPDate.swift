/// Dates of HTTP (RFC 9110 section 5.6.7), without a calendar library.
package enum HTTPDate {
  /// The last second of the year 9999: four digits are all the format has.
  static let last: Int64 = 253_402_300_799

  /// `Sun, 06 Nov 1994 08:49:37 GMT` of a Unix second, which is brought into the years 1970 to 9999.
  package static func format(_ unixSeconds: Int64) -> String {
    String(decoding: imfFixdate(unixSeconds), as: UTF8.self)
  }

  /// A whole `Date` line with its CR LF. A server makes one a second and gives it to all answers of that second.
  package static func line(_ unixSeconds: Int64) -> [UInt8] {
    Array("Date: ".utf8) + imfFixdate(unixSeconds) + [Byte.carriageReturn, Byte.lineFeed]
  }

  /// The Unix second of a date in any of the three forms that a recipient must take, or nil.
  ///
  /// Two-digit years of the RFC 850 form count as 1970 to 2069.
  package static func parse(_ text: String) -> Int64? {
    var text = text
    return text.withUTF8 { parse(UnsafeRawBufferPointer($0)) }
  }

  package static func parse(_ bytes: UnsafeRawBufferPointer) -> Int64? {
    var reader = HTTPDateReader(bytes)
    return reader.read()
  }

  private static func imfFixdate(_ unixSeconds: Int64) -> [UInt8] {
    let seconds = min(max(unixSeconds, 0), last)
    let days = seconds / 86_400
    let time = Int(seconds % 86_400)
    let date = CivilDate(daysSince1970: days)
    var line: [UInt8] = []
    line.reserveCapacity(29)
    // 1 January 1970 was a Thursday, the fourth name from Monday.
    append(weekdays[Int((days + 3) % 7)], ", ", to: &line)
    append(date.day, 2, " ", to: &line)
    append(months[date.month - 1], " ", to: &line)
    append(date.year, 4, " ", to: &line)
    append(time / 3_600, 2, ":", to: &line)
    append(time / 60 % 60, 2, ":", to: &line)
    append(time % 60, 2, " GMT", to: &line)
    return line
  }

  static let weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
  static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

  private static func append(_ text: String, _ separator: String, to line: inout [UInt8]) {
    line += text.utf8
    line += separator.utf8
  }

  private static func append(_ number: Int, _ width: Int, _ separator: String, to line: inout [UInt8]) {
    let digits = String(number)
    line += repeatElement(UInt8(ascii: "0"), count: max(0, width - digits.utf8.count))
    line += digits.utf8
    line += separator.utf8
  }
}
