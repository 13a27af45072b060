import ApusTelemetry
import Glibc
import Testing

@Suite struct `A timestamp` {
  @Test(arguments: [
    (0, "1970-01-01T00:00:00Z"), (-1, "1969-12-31T23:59:59Z"), (951_782_400, "2000-02-29T00:00:00Z"),
    (951_868_799, "2000-02-29T23:59:59Z"), (1_709_164_800, "2024-02-29T00:00:00Z"),
    (4_102_444_800, "2100-01-01T00:00:00Z"), (-62_135_596_800, "0001-01-01T00:00:00Z"),
    (253_402_300_799, "9999-12-31T23:59:59Z"),
  ])
  func `is written as RFC 3339 says`(seconds: Int64, text: String) {
    #expect(written(Timestamp(seconds: seconds), digits: 0) == text)
  }

  @Test(arguments: [
    (0, "1970-01-01T00:00:00Z"), (1, "1970-01-01T00:00:00.0Z"), (3, "1970-01-01T00:00:00.007Z"),
    (9, "1970-01-01T00:00:00.007008009Z"),
  ])
  func `has the digits asked for`(digits: Int, text: String) {
    #expect(written(Timestamp(seconds: 0, nanoseconds: 7_008_009), digits: digits) == text)
  }

  @Test func `agrees with the C library on any day`() {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<2_000 {
      let seconds = Int64.random(in: -62_135_596_800...253_402_300_799, using: &random)
      var time = time_t(seconds)
      var parts = tm()
      gmtime_r(&time, &parts)
      var buffer = [CChar](repeating: 0, count: 64)
      // %Y has no leading zeros before the year 1000; %04Y is not portable, so both sides drop them.
      let count = strftime(&buffer, buffer.count, "%Y-%m-%dT%H:%M:%SZ", &parts)
      let expected = String(decoding: buffer[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
      let actual = written(Timestamp(seconds: seconds), digits: 0)
      #expect(actual.drop { $0 == "0" } == expected.drop { $0 == "0" }, "\(seconds)")
    }
  }

  private func written(_ time: Timestamp, digits: Int) -> String {
    var bytes: [UInt8] = []
    time.append(to: &bytes, fractionDigits: digits)
    return String(decoding: bytes, as: UTF8.self)
  }
}
