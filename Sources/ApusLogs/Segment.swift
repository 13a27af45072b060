/// One file of a ring, and how much of it counts.
struct Segment: Sendable, Equatable {
  /// The sequence of its first line, which is also its name.
  let first: UInt64
  var lines: UInt64 = 0
  /// Up to here the file holds whole records; zero if it was not made yet.
  var bytes = 0

  /// Opens every file, so that another format is never read as this one.
  static let mark: StaticString = "APUSLOG1"
  static let markBytes = 8

  var end: UInt64 { first + lines }

  /// Sixteen hexadecimal digits: names sort as the segments do.
  var name: String {
    let digits = String(first, radix: 16)
    return String(repeating: "0", count: 16 - digits.utf8.count) + digits + ".log"
  }

  init(first: UInt64) {
    self.first = first
  }

  init?(name: String) {
    guard name.utf8.count == 20, name.hasSuffix(".log"), let first = UInt64(name.dropLast(4), radix: 16), first > 0
    else { return nil }
    self.first = first
    guard self.name == name else { return nil }
  }
}
