import ApusAccounts
import Instruments
import Testing

@Suite struct `The end of credentials` {
  /// Dates by Python's calendar, as Unix seconds at noon.
  @Test(
    arguments: [
      ("2026-11-21T12:00:00Z", 1_795_262_400, 6, "2027-05-21T12:00:00Z"),
      ("2026-08-31T23:59:59Z", 1_788_220_799, 6, "2027-02-28T23:59:59Z"),
      ("2027-08-31T00:00:00Z", 1_819_670_400, 6, "2028-02-29T00:00:00Z"),
      ("2026-12-31T00:00:00Z", 1_798_675_200, 6, "2027-06-30T00:00:00Z"),
      ("2028-02-29T00:00:00Z", 1_835_395_200, 12, "2029-02-28T00:00:00Z"),
      ("2026-07-01T00:00:00Z", 1_782_864_000, 6, "2027-01-01T00:00:00Z"),
    ] as [(String, Int64, Int, String)])
  func `is the same day months later, or that month's last`(start: String, seconds: Int64, months: Int, end: String) {
    #expect(UTC.text(seconds) == start)
    #expect(UTC.text(UTC.adding(months: months, to: seconds)) == end)
  }

  @Test func `is the calendar's for every day of ten years`() throws {
    let script = """
      import calendar, datetime
      day = datetime.date(2024, 1, 1)
      for n in range(3653):
        month = day.month + 6
        year, month = (day.year + 1, month - 12) if month > 12 else (day.year, month)
        print(year, month, min(day.day, calendar.monthrange(year, month)[1]))
        day += datetime.timedelta(1)
      """
    let lines = try Oracle.run("python3 -", input: Array(script.utf8)).split(separator: "\n")
    #expect(lines.count == 3_653)
    for (index, line) in lines.enumerated() {
      let end = UTC.text(UTC.adding(months: 6, to: 1_704_067_200 + Int64(index) * 86_400 + 3_600))
      let parts = end.prefix { $0 != "T" }.split(separator: "-").compactMap { Int($0) }
      #expect(parts.map { "\($0)" }.joined(separator: " ") == line)
    }
  }

  @Test(
    arguments: [
      ("0", .unlimited), ("never", .unlimited), ("6mo", .months(6)), ("12mo", .months(12)),
      ("180d", .seconds(15_552_000)),
      ("36h", .seconds(129_600)), ("15m", .seconds(900)), ("", nil), ("mo", nil), ("-6mo", nil), ("0mo", nil),
      ("6 mo", nil), ("99999d", nil), ("+5d", nil), ("-5m", nil), ("soon", nil),
    ] as [(String, CredentialLife?)])
  func `is written as people write it`(text: String, life: CredentialLife?) {
    #expect(CredentialLife(text) == life)
  }

  @Test func `may be never`() {
    #expect(CredentialLife.unlimited.end(from: 0) == nil)
  }
}
