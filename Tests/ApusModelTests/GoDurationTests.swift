import ApusModel
import Testing

@Suite struct `A duration in Go's notation` {
  /// Text, nanoseconds and printed form as `time.ParseDuration` and `Duration.String` of Go 1.19.8 give them: the rows
  /// were printed by a program of one loop, `fmt.Printf("(%q, %d, %q),", text, int64(duration), duration.String())`.
  static let accepted: [(String, Int64, String)] = [
    ("0", 0, "0s"),
    ("-0", 0, "0s"),
    ("+0", 0, "0s"),
    ("0s", 0, "0s"),
    ("5s", 5000000000, "5s"),
    ("30s", 30000000000, "30s"),
    ("1478s", 1478000000000, "24m38s"),
    ("-5s", -5000000000, "-5s"),
    ("+5s", 5000000000, "5s"),
    ("5.0s", 5000000000, "5s"),
    ("5.6s", 5600000000, "5.6s"),
    ("5.s", 5000000000, "5s"),
    (".5s", 500000000, "500ms"),
    ("1.0s", 1000000000, "1s"),
    ("1.00s", 1000000000, "1s"),
    ("1.004s", 1004000000, "1.004s"),
    ("1.0040s", 1004000000, "1.004s"),
    ("100.00100s", 100001000000, "1m40.001s"),
    ("10ns", 10, "10ns"),
    ("11us", 11000, "11µs"),
    ("12µs", 12000, "12µs"),
    ("12μs", 12000, "12µs"),
    ("13ms", 13000000, "13ms"),
    ("14s", 14000000000, "14s"),
    ("15m", 900000000000, "15m0s"),
    ("16h", 57600000000000, "16h0m0s"),
    ("3h30m", 12600000000000, "3h30m0s"),
    ("10.5s4m", 250500000000, "4m10.5s"),
    ("-2m3.4s", -123400000000, "-2m3.4s"),
    ("1h2m3s4ms5us6ns", 3723004005006, "1h2m3.004005006s"),
    ("39h9m14.425s", 140954425000000, "39h9m14.425s"),
    ("52763797000ns", 52763797000, "52.763797s"),
    ("0.3333333333333333333h", 1200000000000, "20m0s"),
    ("9007199254740993ns", 9007199254740993, "2501h59m59.254740993s"),
    ("9223372036854775807ns", 9223372036854775807, "2562047h47m16.854775807s"),
    ("9223372036854775.807us", 9223372036854775807, "2562047h47m16.854775807s"),
    ("9223372036s854ms775us807ns", 9223372036854775807, "2562047h47m16.854775807s"),
    ("-9223372036854775808ns", -9223372036854775808, "-2562047h47m16.854775808s"),
    ("-9223372036854775.808us", -9223372036854775808, "-2562047h47m16.854775808s"),
    ("-9223372036s854ms775us808ns", -9223372036854775808, "-2562047h47m16.854775808s"),
    ("0.100000000000000000000h", 360000000000, "6m0s"),
    ("0.830103483285477580700h", 2988372539827, "49m48.372539827s"),
    ("1h2m3.5s", 3723500000000, "1h2m3.5s"),
    ("300ms", 300000000, "300ms"),
    ("1µs", 1000, "1µs"),
    ("-1s", -1000000000, "-1s"),
    ("1m30s", 90000000000, "1m30s"),
    ("1.5s", 1500000000, "1.5s"),
    ("1.5h", 5400000000000, "1h30m0s"),
    ("90m", 5400000000000, "1h30m0s"),
    ("2562047h47m16.854775807s", 9223372036854775807, "2562047h47m16.854775807s"),
    ("1m1m", 120000000000, "2m0s"),
    ("0.9ns", 0, "0s"),
    ("1.1us", 1100, "1.1µs"),
    ("00001s", 1000000000, "1s"),
    ("1s1s1s", 3000000000, "3s"),
    ("0.000000001s", 1, "1ns"),
    ("1.000000001h", 3600000003600, "1h0m0.0000036s"),
    ("0.0000000009s", 0, "0s"),
    ("999ns", 999, "999ns"),
    ("999999ns", 999999, "999.999µs"),
    ("59.999999999s", 59999999999, "59.999999999s"),
    ("60m", 3600000000000, "1h0m0s"),
    ("1.9999999999s", 1999999999, "1.999999999s"),
    ("1.s.2s", 1200000000, "1.2s"),
  ]

  /// What `time.ParseDuration` of the same Go returns an error for.
  static let refused = [
    "", "3", "-", "+", "s", ".", "-.", ".s", "+.s", "1d", "1x", "1.5", "1s ", " 1s", "1 s", "1ss", "--1s", "1h-2m",
    "1,5s", "1e3s", "٣s", "0x10s", "1S", "1M", "9223372036854775808ns", "-9223372036854775809ns",
    "9223372036854776us", "9223372036854775808", "3000000h", "9223372037s", "9223372036854775.808us",
    "999999999999999999999s", "1..2s", "\u{00}", "1\u{00}s", "1µ", "1m30", "30s1", "nan", "inf",
  ]

  @Test(arguments: accepted)
  func `is read and printed as Go does`(text: String, nanoseconds: Int64, printed: String) throws {
    let duration = try GoDuration.parse(text)
    #expect(duration == .nanoseconds(nanoseconds))
    #expect(GoDuration.format(duration) == printed)
    #expect(try GoDuration.parse(printed) == duration)
  }

  @Test(arguments: refused)
  func `is refused where Go refuses it`(text: String) {
    #expect(throws: GoDurationError.self) { try GoDuration.parse(text) }
  }

  @Test(arguments: [
    ("", GoDurationError.empty),
    ("-", .missingNumber(text: "-", rest: "")),
    ("1h-2m", .unknownUnit(text: "1h-2m", unit: "h-")),
    ("1s.s", .missingNumber(text: "1s.s", rest: ".s")),
    ("1m30", .missingUnit(text: "1m30")),
    ("3 days", .unknownUnit(text: "3 days", unit: " days")),
    ("9223372037s", .outOfRange(text: "9223372037s")),
    ("99999999999999999999999s", .outOfRange(text: "99999999999999999999999s")),
  ])
  func `says what is wrong with it`(text: String, problem: GoDurationError) {
    #expect(throws: problem) { try GoDuration.parse(text) }
  }

  @Test func `explains what to write instead, on one line`() {
    let advice = "write numbers with a unit of ns, us, ms, s, m or h, such as 300ms, 1.5s or 1h30m"
    let unknown = GoDurationError.unknownUnit(text: "1\n", unit: "\n")
    #expect("\(unknown)" == #""1\u{a}" is not a duration: "\u{a}" is not a unit of time; "# + advice)
    #expect(
      "\(GoDurationError.missingUnit(text: "90"))" == #""90" is not a duration: the last number has no unit; "# + advice
    )
  }

  @Test(arguments: [
    ("0", Duration.zero), ("60", .seconds(60)), ("+5", .seconds(5)), ("007", .seconds(7)), ("1m30s", .seconds(90)),
    ("500ms", .milliseconds(500)), ("-1s", .seconds(-1)), ("9223372036", .seconds(9_223_372_036)),
  ])
  func `is in seconds when an environment gives a bare integer`(text: String, duration: Duration) throws {
    #expect(try GoDuration.parse(environment: text) == duration)
  }

  @Test(arguments: ["", "-5", "1.5", "5 ", "+", "9223372037", "99999999999999999999", "٣"])
  func `is refused in an environment when it is neither`(text: String) {
    #expect(throws: GoDurationError.self) { try GoDuration.parse(environment: text) }
  }

  @Test(arguments: [
    (Duration(attoseconds: 1), "0s"), (Duration(attoseconds: -1_999_999_999), "-1ns"),
    (Duration(attoseconds: .max), "47261439850130342h8m51.687303715s"),
  ])
  func `is cut to nanoseconds and has no upper end when printed`(duration: Duration, printed: String) {
    #expect(GoDuration.format(duration) == printed)
  }

  @Test(
    arguments: [
      (10_000_123_456, "11s"), (10_000_000_000, "10s"), (999_999_999, "1s"), (1_500_000_000, "1.5s"),
      (1_500_000_001, "1.6s"), (9_950_000_001, "10s"), (12_345_678, "13ms"), (4_500, "5µs"), (7, "7ns"), (0, "0s"),
      (300_000_000_000, "5m0s"), (-1_234_567, "-1ms"), (.max, "2562047h47m17s"),
    ] as [(Int64, String)])
  func `has no more digits than people want when rounded`(nanoseconds: Int64, printed: String) {
    #expect(GoDuration.rounded(.nanoseconds(nanoseconds)) == printed)
  }
}
