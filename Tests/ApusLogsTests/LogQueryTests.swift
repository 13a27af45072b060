import ApusLogs
import ApusModel
import ApusTelemetry
import Instruments
import Testing

@Suite struct `A query for logs` {
  let scratch: ScratchFolder

  init() throws { scratch = try ScratchFolder() }

  @Test func `reads every parameter of faas-cli`() throws {
    let query = try LogQuery(
      "follow=true&name=hello&namespace=dev&since=2026-11-21T10%3A00%3A00%2B02%3A00&tail=-1&instance=r%201")
    #expect(query.name == "hello" && query.namespace == "dev" && query.instance == "r 1")
    #expect(query.follow && query.tail == nil)
    #expect(query.since == Timestamp(seconds: 1_795_248_000))
    #expect(try query.function() == FunctionName(name: "hello", namespace: "dev"))
  }

  @Test func `takes the last of repeated values, and an empty one for none`() throws {
    let query = try LogQuery("name=a&tail=x&name=b&tail=5&since=never&since=&instance=i&instance=")
    #expect(query.name == "b" && query.tail == 5 && query.since == nil && query.instance == nil)
    #expect(throws: LogQueryError.tail("x")) { try LogQuery("tail=5&tail=x") }
  }

  @Test(
    arguments: [
      ("1", 1), ("+7", 7), ("0", nil), ("-1", nil), ("-100", nil), ("", nil), ("9223372036854775807", .max),
    ] as [(String, Int?)])
  func `counts a tail of zero or less as none`(text: String, expected: Int?) throws {
    // A bare plus is a space in a query.
    let encoded = text.hasPrefix("+") ? "%2B" + text.dropFirst() : text
    #expect(try LogQuery("tail=\(encoded)").tail == expected)
  }

  @Test(arguments: ["x", "1.5", "5x", "9223372036854775808", "0x10", "%20", "1%00"])
  func `refuses a tail that is no number`(text: String) {
    #expect(throws: LogQueryError.self) { try LogQuery("tail=\(text)") }
  }

  @Test(arguments: [
    "1", "t", "T", "true", "True", "TRUE", "0", "f", "false", "", "yes", "tRUE", "2", "%GG",
  ])
  func `reads follow as Go does, anything else as false`(text: String) throws {
    #expect(try LogQuery("follow=\(text)").follow == ["1", "t", "T", "true", "True", "TRUE"].contains(text))
  }

  @Test(arguments: ["&", "&&&", "=", "a", "name", "%", "%4", "%zz=1", "name=%ff", "a;tail=x", "=x&=", "tail=1&%"])
  func `survives any query string`(text: String) {
    #expect(throws: Never.self) { try LogQuery(text) }
  }

  @Test func `says what to write instead`() {
    #expect(throws: LogQueryError.since("yesterday")) { try LogQuery("since=yesterday") }
    #expect(
      "\(LogQueryError.tail("a\n"))" == #"could not parse the log request: tail is "a\u{a}"; give a number of "#
        + "lines, such as tail=100")
    #expect(LogQueryError.status == 422 && LogQueryError.message == "could not parse the log request")
  }

  @Test(
    arguments: [
      ("1970-01-01T00:00:00Z", 0, 0), ("2000-02-29T23:59:59.5Z", 951_868_799, 500_000_000),
      ("2026-11-21T10:00:00+02:00", 1_795_248_000, 0), ("2026-11-21T10:00:00-00:30", 1_795_257_000, 0),
      ("1969-12-31T23:59:59.999999999Z", -1, 999_999_999), ("0000-01-01T00:00:00Z", -62_167_219_200, 0),
      ("0001-01-01T00:00:00Z", -62_135_596_800, 0), ("9999-12-31T23:59:59Z", 253_402_300_799, 0),
      ("2026-11-21T10:00:00,25Z", 1_795_255_200, 250_000_000),
      ("2026-11-21T10:00:00.1234567899Z", 1_795_255_200, 123_456_789),
    ] as [(String, Int64, Int32)])
  func `reads RFC 3339 times`(text: String, seconds: Int64, nanoseconds: Int32) {
    #expect(Timestamp(rfc3339: text) == Timestamp(seconds: seconds, nanoseconds: nanoseconds))
  }

  @Test(arguments: [
    "", "2026", "2026-11-21", "2026-11-21 10:00:00Z", "2026-11-21t10:00:00Z", "2026-11-21T10:00:00",
    "2026-11-21T10:00:00z", "2026-13-01T00:00:00Z", "2026-02-29T00:00:00Z", "1900-02-29T00:00:00Z",
    "2026-00-01T00:00:00Z", "2026-01-00T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z",
    "2026-01-01T00:00:60Z", "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00+2:00", "2026-01-01T00:00:00Zx",
    "2026-01-01T00:00:00+24:00", "+026-01-01T00:00:00Z", "2026-01-01T00:00:00 02:00",
  ])
  func `refuses other times`(text: String) {
    #expect(Timestamp(rfc3339: text) == nil)
  }

  @Test(
    arguments: [
      // Lines 1 to 9 were logged at second 1 to 9; now is second 310.
      ("", ["9"]), ("tail=-1", ["9"]), ("tail=0", ["9"]), ("tail=2", ["8", "9"]), ("tail=100", (1...9).map { "\($0)" }),
      ("since=1970-01-01T00:00:07Z", ["7", "8", "9"]), ("since=1970-01-01T00:00:07Z&tail=2", ["8", "9"]),
      ("since=1970-01-01T00:00:07Z&tail=5", ["7", "8", "9"]), ("since=2026-01-01T00:00:00Z", []),
      ("since=2026-01-01T00:00:00Z&tail=3", []), ("since=0001-01-01T00:00:00Z", (1...9).map { "\($0)" }),
      ("since=9999-01-01T00:00:00Z", []),
      ("instance=even&tail=2", ["6", "8"]), ("instance=odd&since=1970-01-01T00:00:06Z", ["7", "9"]),
      ("instance=none&tail=3", []), ("instance=even", []), ("tail=9223372036854775807", (1...9).map { "\($0)" }),
    ] as [(String, [String])])
  func `chooses its lines`(query: String, expected: [String]) throws {
    for segment in [600, 1 << 20] {
      let ring = LogRing(folder: scratch.path + "/\(segment)", limits: .small(segment: segment, read: 1))
      for line in 1...9 {
        ring.add("\(line)", instance: line % 2 == 0 ? "even" : "odd", at: Int64(line) * 1_000_000_000)
      }
      #expect(try ring.answer(query, now: 309_000_000_000) == expected)
    }
  }
}
