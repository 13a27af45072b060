/// Reads the three forms of a date (RFC 9110 section 5.6.7).
struct HTTPDateReader {
  private let bytes: UnsafeRawBufferPointer
  private var at = 0

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  mutating func read() -> Int64? {
    let comma = bytes.firstIndex(of: 0x2C)
    // `Sun, 06 Nov 1994 08:49:37 GMT`
    if comma == 3 { return readFixdate() }
    // `Sunday, 06-Nov-94 08:49:37 GMT`
    if let comma { return readRFC850(from: comma) }
    // `Sun Nov  6 08:49:37 1994`
    return readAsctime()
  }

  private mutating func readFixdate() -> Int64? {
    guard name(HTTPDate.weekdays) != nil, take(", "), let day = number(2), take(" "),
      let month = name(HTTPDate.months), take(" "), let year = number(4), take(" "),
      let time = readTime(), take(" GMT")
    else { return nil }
    return seconds(CivilDate(year: year, month: month + 1, day: day), time)
  }

  private mutating func readRFC850(from comma: Int) -> Int64? {
    let days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
    let written = String(decoding: bytes[..<comma], as: UTF8.self)
    at = comma
    guard days.contains(written), take(", "), let day = number(2), take("-"),
      let month = name(HTTPDate.months), take("-"), let short = number(2), take(" "),
      let time = readTime(), take(" GMT")
    else { return nil }
    let year = short < 70 ? 2_000 + short : 1_900 + short
    return seconds(CivilDate(year: year, month: month + 1, day: day), time)
  }

  private mutating func readAsctime() -> Int64? {
    guard name(HTTPDate.weekdays) != nil, take(" "), let month = name(HTTPDate.months), take(" ") else { return nil }
    let isPadded = take(" ")
    guard let day = number(isPadded ? 1 : 2), take(" "), let time = readTime(), take(" "), let year = number(4) else {
      return nil
    }
    return seconds(CivilDate(year: year, month: month + 1, day: day), time)
  }

  private mutating func readTime() -> Int64? {
    guard let hour = number(2), hour < 24, take(":"), let minute = number(2), minute < 60, take(":"),
      let second = number(2), second <= 60
    else { return nil }
    // A leap second is the first of the next minute, as Unix counts.
    return Int64(hour * 3_600 + minute * 60 + second)
  }

  private func seconds(_ date: CivilDate, _ time: Int64) -> Int64? {
    guard date.exists, at == bytes.count else { return nil }
    return date.daysSince1970 * 86_400 + time
  }

  private mutating func take(_ text: StaticString) -> Bool {
    let count = text.utf8CodeUnitCount
    guard bytes.count - at >= count else { return false }
    for index in 0..<count where bytes[at + index] != text.utf8Start[index] { return false }
    at += count
    return true
  }

  private mutating func number(_ digits: Int) -> Int? {
    guard bytes.count - at >= digits else { return nil }
    var number = 0
    for index in at..<at + digits {
      guard Byte.isDigit(bytes[index]) else { return nil }
      number = number * 10 + Int(bytes[index] - 0x30)
    }
    at += digits
    return number
  }

  /// Three letters; the case matters (RFC 9110 section 5.6.7).
  private mutating func name(_ names: [String]) -> Int? {
    guard bytes.count - at >= 3 else { return nil }
    let written = bytes[at..<at + 3]
    guard let index = names.firstIndex(where: { $0.utf8.elementsEqual(written) }) else { return nil }
    at += 3
    return index
  }
}
